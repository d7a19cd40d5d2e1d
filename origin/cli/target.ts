// Which system a command speaks to, and as whom: what the environment says, or, with `--dev`, what
// `npm run dev` is running right now.
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { decodeJwt } from 'jose';
import * as v from 'valibot';
import { readConfig } from '../config.ts';
import { linePlace, type RedisPlace } from '../redis/place.ts';
import { type StoreTarget, storeTarget } from '../store/target.ts';
import { readCliConfig } from './config.ts';
import { mintToken } from './mint.ts';

export interface Target {
  readonly origin: string;
  /** Of an administrator. */
  readonly token: string;
}

export type LiveSettingsPlace =
  | { readonly file: string }
  | { readonly endpoints: string; readonly prefix: string };

export type TargetSource = 'environment' | 'dev';

export const DEV = '  --dev    at the system that `npm run dev` is running';
const CLI_CLAIMS = { sub: 'cli', role: 'admin' } as const;

const devSchema = v.object({
  origin: v.string(),
  redis: v.pipe(v.string(), v.regex(/^[^:]+:\d+$/)),
  secrets: v.object({ jwt: v.string(), edgeSignature: v.string() }),
  liveSettings: v.union([
    v.object({ file: v.string() }),
    v.object({ endpoints: v.string(), prefix: v.string() }),
  ]),
  database: v.variant('kind', [
    v.object({ kind: v.literal('sqlite'), file: v.string() }),
    v.object({
      kind: v.literal('mysql'),
      host: v.string(),
      port: v.number(),
      user: v.string(),
      password: v.string(),
      database: v.string(),
    }),
  ]),
});

export const sourceOf = ({ dev = false }: { readonly dev?: boolean | undefined }): TargetSource =>
  dev ? 'dev' : 'environment';

/** With the operator's token, or, in profiles `local` and `testing`, one of its own making. */
export async function findTarget(source: TargetSource): Promise<Target> {
  if (source === 'dev') {
    const { origin, secrets } = readDevFile();
    return { origin, token: await mintToken(CLI_CLAIMS, secrets.jwt) };
  }
  const { url, PROFILE, ADMIN_TOKEN } = readCliConfig();
  if (ADMIN_TOKEN !== undefined) return { origin: url, token: goodToken(ADMIN_TOKEN) };
  if (PROFILE === 'local' || PROFILE === 'testing') {
    return { origin: url, token: await mintToken(CLI_CLAIMS, findJwtSecret(source)) };
  }
  throw new Error(
    [
      `In profile ${PROFILE} this needs ADMIN_TOKEN or ADMIN_TOKEN_FILE: a token with the role`,
      'admin from whoever signs yours; history names its `sub`. ADMIN_URL says where the origin is.',
    ].join('\n'),
  );
}

/** For histories: whom the operator's token names, else who runs the command here. */
export function whoami(): string {
  const { ADMIN_TOKEN } = readCliConfig();
  const named = ADMIN_TOKEN === undefined ? undefined : decodeJwt(ADMIN_TOKEN).sub;
  return named ?? `cli: ${userInfo().username}`;
}

/** What signs tokens. Throws where none are minted: that is for profiles `local` and `testing`. */
export function findJwtSecret(source: TargetSource): string {
  if (source === 'dev') return readDevFile().secrets.jwt;
  const { PROFILE } = readCliConfig();
  if (PROFILE !== 'local' && PROFILE !== 'testing') {
    throw new Error(`Tokens are not minted in profile ${PROFILE}.`);
  }
  const { JWT_SECRET } = readConfig();
  if (JWT_SECRET === undefined) throw new Error('Neither ADMIN_TOKEN nor JWT_SECRET is set.');
  return JWT_SECRET;
}

/** `id:secret`. Throws where signatures cannot be made: that is for profiles `local` and `testing`. */
export function findSignatureKey(source: TargetSource): string {
  if (source === 'dev') return readDevFile().secrets.edgeSignature;
  const { PROFILE } = readCliConfig();
  if (PROFILE !== 'local' && PROFILE !== 'testing') {
    throw new Error(`Calls are not signed in profile ${PROFILE}.`);
  }
  return readConfig().EDGE_SIGNATURE_KEYS.split(',', 1)[0] ?? '';
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

export const findDatabase = (source: TargetSource): StoreTarget =>
  source === 'dev' ? readDevFile().database : storeTarget(readConfig());

/** The origin would refuse it without saying why. */
function goodToken(token: string): string {
  const { exp, role } = decodeJwt(token);
  if (exp !== undefined && exp * 1_000 <= Date.now()) {
    throw new Error(`ADMIN_TOKEN ran out at ${new Date(exp * 1_000).toISOString()}.`);
  }
  if (role !== 'admin') throw new Error('ADMIN_TOKEN has not the role admin.');
  return token;
}

function readDevFile(): v.InferOutput<typeof devSchema> {
  const { DEV_FILE } = readCliConfig();
  let text: string;
  try {
    text = readFileSync(DEV_FILE, 'utf8');
  } catch (cause) {
    throw new Error('Nothing runs: start `npm run dev` first', { cause });
  }
  const parsed = v.safeParse(devSchema, JSON.parse(text));
  if (parsed.success) return parsed.output;
  throw new Error(`${DEV_FILE} is of another version: start \`npm run dev\` again.`);
}
