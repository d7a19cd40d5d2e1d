import { freePort, LOOPBACK } from './ports.ts';
import { programs, provide } from './programs.ts';
import { askRedis } from './requests.ts';
import { launch, type Service, type StartOptions } from './service.ts';

export type RedisOptions = StartOptions & {
  /** When the append-only file reaches the disk; `always` loses nothing that was answered. */
  appendfsync?: 'always' | 'everysec' | 'no';
  /** In Redis' own notation, 1gb by default. */
  maxmemory?: string;
  /** Further settings, as on the command line of redis-server. */
  args?: string[];
};

/** Loading a large append-only file is part of a start. */
const READY_WITHIN_MS = 60_000;

/** Redis as the gateway needs it: every write kept, nothing evicted, memory bounded. */
export async function startRedis(options: RedisOptions): Promise<Service> {
  const command = process.env.REDIS_SERVER_BIN ?? (await provide(programs.redis));
  const port = options.port ?? (await freePort());
  return launch({
    ...options,
    name: 'redis',
    port,
    command,
    args: [
      ...['--port', String(port), '--bind', LOOPBACK, '--dir', options.dir],
      ...['--appendonly', 'yes', '--appendfsync', options.appendfsync ?? 'always', '--save', ''],
      ...['--maxmemory', options.maxmemory ?? '1gb', '--maxmemory-policy', 'noeviction'],
      // A rewrite in the middle of a rush would take a core and the disk from it.
      ...['--auto-aof-rewrite-min-size', '512mb'],
      ...(options.args ?? []),
    ],
    url: `redis://${LOOPBACK}:${port}`,
    request: () => askRedis({ host: LOOPBACK, port }),
    readyWithinMs: READY_WITHIN_MS,
  });
}
