// `activity create` and `activity get`: the origin's own calls, made by an administrator of this
// machine.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Command, type ExitCode, type Output, UsageError } from './command.ts';
import { mintToken } from './mint.ts';
import { findTarget, type TargetSource } from './target.ts';

const TIMEOUT_MS = 10_000;
const DEV = '  --dev    at the system that `npm run dev` is running';

export const activityCreate: Command = {
  name: 'activity create',
  usage: 'activity create <file.json | -> [--dev]',
  about: [
    'Creates an activity from its JSON (API.md, "Activities"); `-` reads it from stdin.',
    '',
    DEV,
  ].join('\n'),
  async run(args, output) {
    const { argument, source } = parse(args, 'A file with the JSON of an activity is needed.');
    const body = readFileSync(argument === '-' ? 0 : argument, 'utf8');
    return await call({ source, method: 'POST', path: '/api/activities', body }, output);
  },
};

export const activityGet: Command = {
  name: 'activity get',
  usage: 'activity get <activityId> [--dev]',
  about: ['Shows an activity.', '', DEV].join('\n'),
  async run(args, output) {
    const { argument, source } = parse(args, 'An activity id is needed.');
    const path = `/api/activities/${encodeURIComponent(argument)}`;
    return await call({ source, method: 'GET', path }, output);
  },
};

function parse(args: readonly string[], missing: string) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { dev: { type: 'boolean' } },
  });
  const [argument, ...rest] = positionals;
  if (argument === undefined || rest.length > 0) throw new UsageError(missing);
  const source: TargetSource = values.dev ? 'dev' : 'environment';
  return { argument, source };
}

interface Call {
  readonly source: TargetSource;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
}

async function call({ source, method, path, body }: Call, output: Output): Promise<ExitCode> {
  const { origin, jwtSecret } = findTarget(source);
  const token = await mintToken({ sub: 'cli', role: 'admin' }, jwtSecret);
  const response = await fetch(new URL(path, origin), {
    method,
    signal: AbortSignal.timeout(TIMEOUT_MS),
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  if (!response.ok) {
    output.fault(`${response.status} ${text}`);
    return 1;
  }
  const answer: unknown = JSON.parse(text);
  output.result(answer, [JSON.stringify(answer, null, 2)]);
  return 0;
}
