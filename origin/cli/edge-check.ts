// `config check --edge`: what `wrangler deploy --env NAME` will give the Worker, by the Worker's own
// schema. Asks nobody: Cloudflare tells no secret, so those come from the file that uploads them.
import { randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import * as v from 'valibot';
import { edgeSchema, readSettings } from '../../shared/edge-settings.ts';
import { type ExitCode, type Output, UsageError } from './command.ts';

const WRANGLER_FILE = resolve(import.meta.dirname, '../../wrangler.toml');
const MAX_FILE_BYTES = 64 * 1024;
const MASK = '********';
const SECRETS = [
  'JWT_SECRET',
  'REDIS_REST_TOKEN',
  'EDGE_SIGNATURE_KEY',
  'TICKET_SECRET',
  'USER_KEY_SECRET',
  'DEVICE_SECRET',
  'TURNSTILE_SECRET',
];
const isSecret = (name: string): boolean => SECRETS.includes(name);

type Texts = Readonly<Record<string, string>>;

export interface EdgeCheck {
  /** As in `wrangler deploy --env`. */
  readonly environment: string;
  /** As for `wrangler secret bulk`; without one, secrets are not looked at. */
  readonly secretsFile: string | undefined;
}

export function checkEdge({ environment, secretsFile }: EdgeCheck, output: Output): ExitCode {
  const variables = variablesOf(readFileSync(WRANGLER_FILE, 'utf8'), environment);
  const secrets = secretsFile === undefined ? placeholders(variables) : readSecrets(secretsFile);
  const given = { ...variables, ...secrets };
  const read = readSettings(given);
  const misplaced = Object.keys(variables)
    .filter(isSecret)
    .map((name) => `${name} is a secret and must not stand in wrangler.toml`);
  const unknown = Object.keys(given)
    .filter((name) => !(name in edgeSchema.entries))
    .map((name) => `${name} is not known`);
  const faults = [
    ...profileFaults(environment, variables),
    ...misplaced,
    ...unknown,
    ...(read.kind === 'faulty' ? read.faults : []),
  ];
  const settings = maskEdge(given, secretsFile);
  output.result({ environment, settings, faults }, [
    ...Object.entries(settings).map(([name, value]) => `${name}=${value}`),
    '',
    faults.length === 0 ? `The edge of ${environment} can be deployed.` : 'It would answer 503:',
    ...faults.map((fault) => `  ${fault}`),
    ...(secretsFile === undefined
      ? ['Secrets were not looked at: name their file, --secrets.']
      : []),
  ]);
  return faults.length === 0 ? 0 : 1;
}

/** The lines `NAME = "text"` under `[env.<environment>.vars]`. */
export function variablesOf(toml: string, environment: string): Texts {
  const heading = `[env.${environment}.vars]`;
  const lines = toml.split('\n').map((line) => line.trim());
  const start = lines.indexOf(heading);
  if (start === -1) {
    const known = [...toml.matchAll(/^\[env\.([\w-]+)\.vars\]$/gm)].map(([, name]) => name);
    throw new UsageError(`wrangler.toml has no ${heading}; it knows ${known.join(', ')}.`);
  }
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => line.startsWith('['));
  const own = rest.slice(0, end === -1 ? undefined : end);
  return Object.fromEntries(
    own.flatMap((line) => {
      const [, name = '', text = ''] = /^(\w+)\s*=\s*"([^"\\]*)"\s*(?:#.*)?$/.exec(line) ?? [];
      if (name !== '') return [[name, text]];
      if (line === '' || line.startsWith('#')) return [];
      throw new Error(`wrangler.toml: this is no text variable: ${line}`);
    }),
  );
}

/** A Worker of production with the profile of a developer's machine would mint tokens for anybody. */
function profileFaults(environment: string, { PROFILE }: Texts): string[] {
  const isDeployed = environment === 'production' || environment === 'staging';
  return isDeployed && PROFILE !== environment ? [`PROFILE must be ${environment}`] : [];
}

/** JSON, or lines `NAME=text`. */
function readSecrets(file: string): Texts {
  if (statSync(file).size > MAX_FILE_BYTES) throw new Error(`${file} is larger than 64 KiB.`);
  const text = readFileSync(file, 'utf8');
  const value: unknown = text.trimStart().startsWith('{') ? parseJson(text, file) : parseEnv(text);
  const parsed = v.safeParse(v.record(v.string(), v.string()), value);
  if (parsed.success) return parsed.output;
  throw new Error(`${file} holds something else than texts by name.`);
}

/** The fault of a JSON text would quote it. */
function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${file} is not valid JSON.`);
  }
}

/** Good secrets in place of those that are not known. */
function placeholders(variables: Texts): Texts {
  const names = SECRETS.filter((name) => {
    if (name === 'JWT_SECRET') return variables.JWKS_URL === undefined;
    return name !== 'TURNSTILE_SECRET' || variables.TURNSTILE_SITE_KEY !== undefined;
  });
  return Object.fromEntries(names.map((name) => [name, `id:${randomBytes(16).toString('hex')}`]));
}

function maskEdge(given: Texts, secretsFile: string | undefined): Texts {
  const names = Object.keys({ ...edgeSchema.entries, ...given });
  const mask = secretsFile === undefined ? 'not looked at' : MASK;
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = given[name] ?? defaultOf(name);
      return value === undefined ? [] : [[name, isSecret(name) ? mask : value]];
    }),
  );
}

const defaults: Readonly<Record<string, unknown>> = v.getDefaults(edgeSchema);
const defaultOf = (name: string): string | undefined =>
  defaults[name] === undefined ? undefined : String(defaults[name]);
