// Which origin a command speaks to, and the secret that its tokens are signed with: what the
// environment says, or, with `--dev`, what `npm run dev` is running right now.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as v from 'valibot';
import { readConfig } from '../config.ts';
import { linePlace, type RedisPlace } from '../redis/place.ts';

export interface Target {
  readonly origin: string;
  readonly jwtSecret: string;
}

export type LiveSettingsPlace =
  | { readonly file: string }
  | { readonly endpoints: string; readonly prefix: string };

export type TargetSource = 'environment' | 'dev';

const DEV_FILE = resolve(import.meta.dirname, '../../.local/dev.json');
const devSchema = v.object({
  origin: v.string(),
  redis: v.pipe(v.string(), v.regex(/^[^:]+:\d+$/)),
  secrets: v.object({ jwt: v.string(), edgeSignature: v.string() }),
  liveSettings: v.union([
    v.object({ file: v.string() }),
    v.object({ endpoints: v.string(), prefix: v.string() }),
  ]),
});

/** Throws where tokens cannot be minted: that is for profiles `local` and `testing`. */
export function findTarget(source: TargetSource): Target {
  if (source === 'dev') {
    const { origin, secrets } = readDevFile();
    return { origin, jwtSecret: secrets.jwt };
  }
  const config = readConfig();
  if (config.PROFILE !== 'local' && config.PROFILE !== 'testing') {
    throw new Error(`Tokens are not minted in profile ${config.PROFILE}.`);
  }
  if (config.JWT_SECRET === undefined) throw new Error('JWT_SECRET is not set.');
  return {
    origin: `http://${config.ORIGIN_HOST}:${config.ORIGIN_PORT}`,
    jwtSecret: config.JWT_SECRET,
  };
}

/** `id:secret`. Throws where signatures cannot be made: that is for profiles `local` and `testing`. */
export function findSignatureKey(source: TargetSource): string {
  if (source === 'dev') return readDevFile().secrets.edgeSignature;
  const { PROFILE, EDGE_SIGNATURE_KEYS } = readConfig();
  if (PROFILE !== 'local' && PROFILE !== 'testing') {
    throw new Error(`Calls are not signed in profile ${PROFILE}.`);
  }
  return EDGE_SIGNATURE_KEYS.split(',', 1)[0] ?? '';
}

/** Where live settings stand. */
export function findLiveSettings(source: TargetSource): LiveSettingsPlace {
  if (source === 'dev') return readDevFile().liveSettings;
  const { STACK, LIVE_SETTINGS_FILE, ETCD_ENDPOINTS, ETCD_PREFIX } = readConfig();
  return STACK === 'embedded'
    ? { file: LIVE_SETTINGS_FILE }
    : { endpoints: ETCD_ENDPOINTS, prefix: ETCD_PREFIX };
}

/** The Redis that edges write to. */
export function findEdgeRedis(source: TargetSource): RedisPlace {
  if (source === 'dev') {
    const [host = '', port] = readDevFile().redis.split(':');
    return { host, port: Number(port), isCluster: false };
  }
  return linePlace(readConfig());
}

function readDevFile(): v.InferOutput<typeof devSchema> {
  let text: string;
  try {
    text = readFileSync(DEV_FILE, 'utf8');
  } catch (cause) {
    throw new Error('Nothing runs: start `npm run dev` first.', { cause });
  }
  return v.parse(devSchema, JSON.parse(text));
}
