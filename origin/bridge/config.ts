// The one place where the bridge's process reads its environment. Every problem is reported at
// once; a configuration that comes out is complete and frozen.
import { readFileSync } from 'node:fs';
import * as v from 'valibot';

export interface BridgeConfig {
  readonly host: string;
  /** 0 takes any free port; the ready line says which. */
  readonly port: number;
  readonly token: string;
  readonly redis: { readonly host: string; readonly port: number; readonly isCluster: boolean };
  /** How long one Redis call may take. */
  readonly timeoutMs: number;
  readonly limits: BridgeLimits;
}

export interface BridgeLimits {
  readonly bodyBytes: number;
  /** Commands in one pipeline or transaction. */
  readonly pipelineCommands: number;
  /** Bytes of one argument of one command. */
  readonly valueBytes: number;
}

export type ConfigResult =
  | { readonly kind: 'ok'; readonly config: BridgeConfig }
  | { readonly kind: 'invalid'; readonly problems: readonly string[] };

type Environment = Readonly<Record<string, string | undefined>>;

const flag = v.pipe(
  v.picklist(['true', 'false'], 'must be true or false'),
  v.transform((text) => text === 'true'),
);

const name = v.pipe(v.string(), v.regex(/^[^\s/]+$/, 'must be a host name or address'));

const token = v.pipe(
  v.string(),
  v.minLength(16, 'must have at least 16 characters (or give BRIDGE_TOKEN_FILE)'),
  v.regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces'),
);

function whole(least: number, most: number) {
  const message = `must be a whole number from ${least} to ${most}`;
  return v.pipe(
    v.string(),
    v.regex(/^\d{1,12}$/, message),
    v.transform(Number),
    v.minValue(least, message),
    v.maxValue(most, message),
  );
}

const schema = v.object({
  BRIDGE_HOST: v.pipe(v.optional(name, '127.0.0.1'), v.description('address to listen on')),
  BRIDGE_PORT: v.pipe(
    v.optional(whole(0, 65_535), '8079'),
    v.description('port; 0 takes a free one'),
  ),
  BRIDGE_TOKEN: v.pipe(
    // No usable default: the empty text fails the check of its length.
    v.optional(token, ''),
    v.description('bearer token; required, here or as the text of BRIDGE_TOKEN_FILE'),
  ),
  BRIDGE_TIMEOUT_MS: v.pipe(
    v.optional(whole(10, 60_000), '1000'),
    v.description('how long one Redis call may take'),
  ),
  BRIDGE_BODY_LIMIT_BYTES: v.pipe(
    v.optional(whole(1_024, 67_108_864), '1048576'),
    v.description('longest request body'),
  ),
  BRIDGE_PIPELINE_LIMIT: v.pipe(
    v.optional(whole(1, 10_000), '64'),
    v.description('most commands in one pipeline or transaction'),
  ),
  BRIDGE_VALUE_LIMIT_BYTES: v.pipe(
    v.optional(whole(64, 67_108_864), '65536'),
    v.description('longest argument of a command'),
  ),
  REDIS_HOST: v.pipe(v.optional(name, 'localhost'), v.description('Redis of the origin')),
  REDIS_PORT: v.pipe(v.optional(whole(1, 65_535), '6379'), v.description('its port')),
  REDIS_CLUSTER: v.pipe(v.optional(flag, 'false'), v.description('true where it is a cluster')),
  EDGE_REDIS_HOST: v.pipe(v.optional(name), v.description('Redis of the edge, else REDIS_HOST')),
  EDGE_REDIS_PORT: v.pipe(v.optional(whole(1, 65_535)), v.description('its port, else REDIS_PORT')),
  EDGE_REDIS_CLUSTER: v.pipe(v.optional(flag), v.description('else REDIS_CLUSTER')),
});

/** Reads the settings; an empty variable counts as one that is not set. */
export function readBridgeConfig(environment: Environment = process.env): ConfigResult {
  const problems: string[] = [];
  const given = Object.fromEntries(
    Object.keys(schema.entries)
      .map((key) => [key, environment[key]] as const)
      .filter(([, value]) => value !== undefined && value !== ''),
  );
  const file = environment.BRIDGE_TOKEN_FILE;
  if (file !== undefined && file !== '') {
    if (given.BRIDGE_TOKEN !== undefined) problems.push('BRIDGE_TOKEN_FILE: BRIDGE_TOKEN is set');
    const secret = readSecret(file);
    if (secret.kind === 'unreadable') problems.push(`BRIDGE_TOKEN_FILE: ${secret.reason}`);
    else given.BRIDGE_TOKEN ??= secret.text;
  }
  const parsed = v.safeParse(schema, given, { abortPipeEarly: true });
  if (!parsed.success) {
    for (const issue of parsed.issues) problems.push(`${v.getDotPath(issue)}: ${issue.message}`);
  }
  if (!parsed.success || problems.length > 0) return { kind: 'invalid', problems };
  return { kind: 'ok', config: freeze(parsed.output) };
}

/** One line for each setting with its default, made from the schema: the body of `--help`. */
export function bridgeSettings(): readonly string[] {
  return Object.entries(schema.entries).map(([key, entry]) => {
    const fallback = v.getDefault(entry);
    const suffix = fallback ? ` [${fallback}]` : '';
    return `${key.padEnd(24)} ${v.getDescription(entry)}${suffix}`;
  });
}

function freeze(settings: v.InferOutput<typeof schema>): BridgeConfig {
  return Object.freeze({
    host: settings.BRIDGE_HOST,
    port: settings.BRIDGE_PORT,
    token: settings.BRIDGE_TOKEN,
    redis: Object.freeze({
      host: settings.EDGE_REDIS_HOST ?? settings.REDIS_HOST,
      port: settings.EDGE_REDIS_PORT ?? settings.REDIS_PORT,
      isCluster: settings.EDGE_REDIS_CLUSTER ?? settings.REDIS_CLUSTER,
    }),
    timeoutMs: settings.BRIDGE_TIMEOUT_MS,
    limits: Object.freeze({
      bodyBytes: settings.BRIDGE_BODY_LIMIT_BYTES,
      pipelineCommands: settings.BRIDGE_PIPELINE_LIMIT,
      valueBytes: settings.BRIDGE_VALUE_LIMIT_BYTES,
    }),
  });
}

type Secret =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'unreadable'; readonly reason: string };

function readSecret(file: string): Secret {
  try {
    return { kind: 'text', text: readFileSync(file, 'utf8').trim() };
  } catch (error) {
    return { kind: 'unreadable', reason: error instanceof Error ? error.message : String(error) };
  }
}
