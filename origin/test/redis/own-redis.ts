import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import { startRedis } from '../../../deploy/local/services/redis.ts';

/** A Redis that one test file owns, so that it may be killed, stopped and emptied. */
export interface OwnRedis {
  readonly host: string;
  readonly port: number;
  kill(signal: NodeJS.Signals): void;
  /** Starts it again on its port, going on from its data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export async function startOwnRedis(): Promise<OwnRedis> {
  const scratch = inject('scratchDir');
  mkdirSync(scratch, { recursive: true });
  const dir = mkdtempSync(join(scratch, 'redis-'));
  let service = await startRedis({ dir, appendfsync: 'everysec' });
  const { host, port } = service;
  return {
    host,
    port,
    kill: (signal) => service.kill(signal),
    async restart() {
      await service.stop();
      service = await startRedis({ dir, port, appendfsync: 'everysec' });
    },
    async stop() {
      service.kill('SIGCONT');
      await service.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
