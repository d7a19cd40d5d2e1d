// An origin of the embedded stack inside the test's process, with a database of its own.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { inject } from 'vitest';
import { type OriginConfig, parseConfig } from '../../config.ts';
import { type Origin, startOrigin } from '../../origin.ts';
import { openReadOnly, type ReadStore } from '../../store/open-read-only.ts';
import { quietLog } from '../quiet-log.ts';
import { KEY } from '../signature/signed-client.ts';

export const JWT_SECRET = 'the-secret-of-tokens-in-tests';

export interface EmbeddedOrigin extends Origin {
  readonly config: OriginConfig;
  /** The database as it is committed. */
  readonly rows: ReadStore;
}

export interface Place {
  readonly host: string;
  readonly port: number;
}

/** The environment of an origin on this Redis; ports are free ones. */
export const environmentOf = (redis: Place, sqliteFile = freshFile()) => ({
  PROFILE: 'testing',
  ORIGIN_PORT: '0',
  GRPC_PORT: '0',
  ACTUATOR_PORT: '0',
  REDIS_HOST: redis.host,
  REDIS_PORT: String(redis.port),
  SQLITE_FILE: sqliteFile,
  LIVE_SETTINGS_FILE: `${sqliteFile}.settings.json`,
  JWT_SECRET,
  EDGE_SIGNATURE_KEYS: `${KEY.keyId}:${KEY.secret}`,
  LOG_LEVEL: 'warn',
});

const freshFile = () =>
  join(inject('scratchDir'), `origin-${randomBytes(6).toString('hex')}`, 'test.sqlite');

export function configOf(redis: Place, changes: Readonly<Record<string, string>> = {}) {
  const parsed = parseConfig({ ...environmentOf(redis), ...changes });
  if (parsed.kind === 'faults') throw new Error(parsed.faults.join('\n'));
  return parsed.config;
}

/** Starts one on the run's Redis, or on another. */
export async function startEmbeddedOrigin(
  redis: Place = inject('services').redis,
  config = configOf(redis),
): Promise<EmbeddedOrigin> {
  const origin = await startOrigin(config, quietLog);
  const rows = await openReadOnly(config.SQLITE_FILE);
  return {
    ...origin,
    config,
    rows,
    async close() {
      await rows.close();
      await origin.close();
    },
  };
}
