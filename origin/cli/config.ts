// The settings of commands: where they call, and as whom. Read apart from the origin's own, so that
// an operator's machine needs none of its secrets.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as v from 'valibot';

type Environment = Readonly<Record<string, string | undefined>>;

const DEV_FILE = resolve(import.meta.dirname, '../../.local/dev.json');

export const cliSchema = v.object({
  PROFILE: v.optional(
    v.picklist(['local', 'staging', 'production', 'testing'], 'must be a profile'),
    'local',
  ),
  ADMIN_URL: v.optional(v.pipe(v.string(), v.regex(/^https?:\/\/[^\s?#]+$/, 'must be a URL'))),
  ADMIN_TOKEN: v.optional(
    v.pipe(v.string(), v.regex(/^[\w-]+\.[\w-]+\.[\w-]+$/, 'must be a JSON Web Token')),
  ),
  ORIGIN_HOST: v.optional(v.pipe(v.string(), v.minLength(1)), '127.0.0.1'),
  ORIGIN_PORT: v.optional(v.pipe(v.string(), v.regex(/^\d{1,5}$/, 'must be a port')), '8084'),
  DEV_FILE: v.optional(v.pipe(v.string(), v.minLength(1)), DEV_FILE),
});

export interface CliConfig extends Readonly<v.InferOutput<typeof cliSchema>> {
  /** Where the origin answers. */
  readonly url: string;
}

/** Throws with all that is wrong. */
export function readCliConfig(environment: Environment = process.env): CliConfig {
  const { ADMIN_TOKEN, ADMIN_TOKEN_FILE: file } = environment;
  if (ADMIN_TOKEN !== undefined && file !== undefined) {
    throw new Error('ADMIN_TOKEN and ADMIN_TOKEN_FILE are both set.');
  }
  const token = file === undefined ? ADMIN_TOKEN : readToken(file);
  const parsed = v.safeParse(cliSchema, { ...environment, ADMIN_TOKEN: token });
  if (!parsed.success) {
    const faults = parsed.issues.map((issue) => `${v.getDotPath(issue)} ${issue.message}`);
    throw new Error(`The environment cannot be used:\n  ${faults.join('\n  ')}`);
  }
  const { ADMIN_URL, ORIGIN_HOST, ORIGIN_PORT } = parsed.output;
  const host = ORIGIN_HOST.includes(':') ? `[${ORIGIN_HOST}]` : ORIGIN_HOST;
  return Object.freeze({ ...parsed.output, url: ADMIN_URL ?? `http://${host}:${ORIGIN_PORT}` });
}

function readToken(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw new Error('ADMIN_TOKEN_FILE cannot be read', { cause });
  }
}
