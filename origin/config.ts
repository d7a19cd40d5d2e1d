// The origin's only reader of the environment: one schema, all faults at once, frozen.
import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { faultsBetween, ROLES } from './config-rules.ts';
import { isSecretList } from './payments/webhook.ts';

const port = (fallback: number) =>
  v.pipe(
    v.optional(v.string(), String(fallback)),
    v.regex(/^\d{1,5}$/, 'must be a port'),
    v.transform(Number),
    v.maxValue(65_535, 'must be a port'),
  );
const count = (fallback: number, { min, max }: { min: number; max: number }) =>
  v.pipe(
    v.optional(v.string(), String(fallback)),
    v.regex(/^\d{1,12}$/, 'must be a whole number'),
    v.transform(Number),
    v.minValue(min, `must be at least ${min}`),
    v.maxValue(max, `must be at most ${max}`),
  );
const host = (fallback: string) => v.pipe(v.optional(v.string(), fallback), v.minLength(1));
const secret = v.pipe(v.string('is required'), v.minLength(16, 'must have at least 16 characters'));
const flag = v.pipe(
  v.optional(v.picklist(['true', 'false'], 'must be true or false'), 'false'),
  v.transform((text) => text === 'true'),
);
const words = <Word extends string>(known: readonly Word[], fallback: string) =>
  v.pipe(
    v.optional(v.string(), fallback),
    v.transform((text) => text.split(',').map((word) => word.trim())),
    v.array(v.picklist(known, `must be among ${known.join(', ')}`)),
    v.minLength(1),
  );

const GATEWAY_URL = /^https?:\/\/[^\s?#]+[^\s?#/]$/;

export const originSchema = v.object({
  PROFILE: v.optional(
    v.picklist(['local', 'staging', 'production', 'testing'], 'must be a profile'),
    'local',
  ),
  STACK: v.optional(v.picklist(['embedded', 'full'], 'must be embedded or full')),
  ROLES: words(ROLES, ROLES.join(',')),
  INSTANCE: v.optional(v.pipe(v.string(), v.regex(/^[A-Za-z0-9_.-]{1,63}$/, 'must be a name'))),
  ORIGIN_HOST: host('127.0.0.1'),
  ORIGIN_HOSTNAMES: v.optional(v.string(), '127.0.0.1,localhost'),
  ORIGIN_PORT: port(8084),
  GRPC_PORT: port(9094),
  ACTUATOR_PORT: port(9091),
  DRAIN_SECONDS: v.optional(
    v.pipe(v.string(), v.regex(/^(\d|1[0-5])$/, 'must be 0 to 15'), v.transform(Number)),
  ),
  REDIS_HOST: host('localhost'),
  REDIS_PORT: port(6379),
  REDIS_CLUSTER: flag,
  REDIS_DURABILITY: v.pipe(
    v.optional(v.string(), 'always'),
    v.regex(/^(everysec|always|wait:[1-9])$/, 'must be everysec, always or wait:n'),
  ),
  OUTBOX_LIMIT: count(500_000, { min: 1_000, max: 100_000_000 }),
  EDGE_REDIS_HOST: v.optional(v.pipe(v.string(), v.minLength(1))),
  EDGE_REDIS_PORT: v.optional(
    v.pipe(v.string(), v.regex(/^\d{1,5}$/, 'must be a port'), v.transform(Number)),
  ),
  EDGE_REDIS_CLUSTER: v.optional(flag),
  SQLITE_FILE: v.optional(v.pipe(v.string(), v.minLength(1)), '.local/flash-sale.sqlite'),
  MYSQL_HOST: host('localhost'),
  MYSQL_PORT: port(3306),
  MYSQL_DATABASE: v.pipe(
    v.optional(v.string(), 'flash_sale'),
    v.regex(/^[A-Za-z0-9_]{1,64}$/, 'must be a database name'),
  ),
  MYSQL_USER: host('flash'),
  MYSQL_PASSWORD: v.optional(v.string()),
  KAFKA_BOOTSTRAP_SERVERS: host('localhost:9093'),
  KAFKA_ORDERS_TOPIC: host('seckill-orders'),
  KAFKA_ORDERS_PARTITIONS: count(100, { min: 1, max: 10_000 }),
  KAFKA_DLQ_TOPIC: host('seckill-dlq'),
  KAFKA_DLQ_PARTITIONS: count(10, { min: 1, max: 1_000 }),
  KAFKA_REPLICATION_FACTOR: v.optional(
    v.pipe(v.string(), v.regex(/^[1-9]$/, 'must be 1 to 9'), v.transform(Number)),
  ),
  KAFKA_CONSUMER_GROUP: host('seckill-writer'),
  ETCD_ENDPOINTS: host('http://localhost:2379'),
  ETCD_PREFIX: host('/flash-sale/'),
  ETCD_LEASE_SECONDS: count(10, { min: 2, max: 300 }),
  LIVE_SETTINGS_FILE: v.optional(v.pipe(v.string(), v.minLength(1)), '.local/config.json'),
  LOAD_AHEAD_SECONDS: count(600, { min: 0, max: 86_400 }),
  JWT_SECRET: v.optional(secret),
  JWKS_URL: v.optional(v.pipe(v.string(), v.url('must be a URL'))),
  EDGE_SIGNATURE_KEYS: v.pipe(
    v.string('is required'),
    v.regex(
      /^[\w.-]{1,32}:[^,:]{16,}(,[\w.-]{1,32}:[^,:]{16,})*$/,
      'must be id:secret[,id:secret]',
    ),
  ),
  RECEIPT_SECRET: secret,
  USER_KEY_SECRET: secret,
  WEBHOOK_SECRET: v.pipe(
    v.string('is required'),
    v.check(isSecretList, 'must be whsec_ and base64, several separated by spaces'),
  ),
  PAYMENT_GATEWAY: v.optional(v.pipe(v.string(), v.regex(GATEWAY_URL, 'must be a URL'))),
  PAYMENT_GATEWAY_PUBLIC: v.optional(v.pipe(v.string(), v.regex(GATEWAY_URL, 'must be a URL'))),
  PAYMENT_GATEWAY_SECRET: v.optional(secret),
  PAYMENT_GRACE_SECONDS: count(86_400, { min: 0, max: 30 * 86_400 }),
  ALLOW_UNSIGNED: flag,
  LOG_LEVEL: v.optional(v.picklist(['fatal', 'error', 'warn', 'info', 'debug', 'silent']), 'info'),
});

export type OriginEnvironment = Readonly<Record<string, string | undefined>>;
type Parsed = v.InferOutput<typeof originSchema>;

export interface OriginConfig extends Readonly<Omit<Parsed, 'STACK' | 'MYSQL_PASSWORD'>> {
  readonly STACK: 'embedded' | 'full';
  readonly MYSQL_PASSWORD: string;
  readonly INSTANCE: string;
  readonly EDGE_REDIS_HOST: string;
  readonly EDGE_REDIS_PORT: number;
  readonly EDGE_REDIS_CLUSTER: boolean;
  readonly KAFKA_REPLICATION_FACTOR: number;
  readonly DRAIN_SECONDS: number;
}

export type ConfigResult =
  | { readonly kind: 'config'; readonly config: OriginConfig }
  | { readonly kind: 'faults'; readonly faults: readonly string[] };

/** Until every edge has read a list without this origin: written each second, kept one. */
const FULL_DRAIN_SECONDS = 3;

const FILE_SECRETS = [
  'JWT_SECRET',
  'EDGE_SIGNATURE_KEYS',
  'RECEIPT_SECRET',
  'USER_KEY_SECRET',
  'WEBHOOK_SECRET',
  'PAYMENT_GATEWAY_SECRET',
  'MYSQL_PASSWORD',
];
/** Good only for a machine of one's own; other profiles have no defaults. */
const LOCAL_SECRETS: OriginEnvironment = {
  JWT_SECRET: 'local-development-jwt-secret-0000',
  EDGE_SIGNATURE_KEYS: 'local:local-development-edge-secret',
  RECEIPT_SECRET: 'local-development-receipt-secret',
  USER_KEY_SECRET: 'local-development-user-key-secret',
  WEBHOOK_SECRET: 'whsec_bG9jYWwtZGV2ZWxvcG1lbnQtd2ViaG9vay1zZWNyZXQ=',
};

/** The configuration in an environment, or everything that is wrong with it. */
export function parseConfig(environment: OriginEnvironment): ConfigResult {
  const faults: string[] = [];
  const given = withSecretFiles(environment, faults);
  const isLocal = ['local', 'testing', undefined].includes(given.PROFILE);
  const complete = isLocal ? { ...LOCAL_SECRETS, ...given } : given;
  const stack =
    given.STACK === 'embedded' || given.STACK === 'full'
      ? given.STACK
      : isLocal
        ? 'embedded'
        : 'full';
  const result = v.safeParse(originSchema, complete);
  if (!result.success) {
    faults.push(...result.issues.map((issue) => `${v.getDotPath(issue) ?? '?'} ${faultOf(issue)}`));
  }
  faults.push(...faultsBetween(complete, { stack, localSecrets: LOCAL_SECRETS }));
  if (!result.success || faults.length > 0) return { kind: 'faults', faults };
  const env = result.output;
  const config: OriginConfig = {
    ...env,
    STACK: stack,
    INSTANCE: env.INSTANCE ?? `origin-${process.pid}`,
    EDGE_REDIS_HOST: env.EDGE_REDIS_HOST ?? env.REDIS_HOST,
    EDGE_REDIS_PORT: env.EDGE_REDIS_PORT ?? env.REDIS_PORT,
    EDGE_REDIS_CLUSTER: env.EDGE_REDIS_CLUSTER ?? env.REDIS_CLUSTER,
    MYSQL_PASSWORD: env.MYSQL_PASSWORD ?? (isLocal ? 'flash' : ''),
    KAFKA_REPLICATION_FACTOR: env.KAFKA_REPLICATION_FACTOR ?? (isLocal ? 1 : 3),
    DRAIN_SECONDS: env.DRAIN_SECONDS ?? (stack === 'embedded' ? 0 : FULL_DRAIN_SECONDS),
  };
  return { kind: 'config', config: Object.freeze(config) };
}

/** Reads the process's environment; prints every fault and ends the process when there is one. */
export function readConfig(): OriginConfig {
  const result = parseConfig(process.env);
  if (result.kind === 'config') return result.config;
  process.stderr.write(`The environment cannot be used:\n  ${result.faults.join('\n  ')}\n`);
  process.exit(1);
}

function faultOf(issue: v.BaseIssue<unknown>): string {
  return issue.received === 'undefined' ? 'is required' : issue.message;
}

function withSecretFiles(environment: OriginEnvironment, faults: string[]): OriginEnvironment {
  const given: Record<string, string | undefined> = { ...environment };
  for (const name of FILE_SECRETS) {
    const file = environment[`${name}_FILE`];
    if (file === undefined) continue;
    if (given[name] !== undefined) faults.push(`${name} and ${name}_FILE are both set`);
    try {
      given[name] = readFileSync(file, 'utf8').trim();
    } catch {
      faults.push(`${name}_FILE cannot be read`);
    }
  }
  return given;
}
