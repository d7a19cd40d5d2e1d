// Calls about activities at the origin, made by an administrator of this machine.
import type { ExitCode, Output } from './command.ts';
import { mintToken } from './mint.ts';
import { findTarget, type TargetSource } from './target.ts';

const TIMEOUT_MS = 10_000;
export const DEV = '  --dev    at the system that `npm run dev` is running';

export interface ActivityCall {
  readonly source: TargetSource;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Behind `/api/activities`. */
  readonly path: string;
  readonly body?: string;
  /** An entity tag; sent as `If-Match`. */
  readonly ifMatch?: string;
}

/** Not repeated: what an edit did is asked with `activity get`. */
export async function callActivities(call: ActivityCall, output: Output): Promise<ExitCode> {
  const response = await send(call);
  const text = await response.text();
  if (!response.ok) {
    output.fault(`${response.status} ${text}`);
    return 1;
  }
  const answer: unknown = text === '' ? {} : JSON.parse(text);
  output.result(answer, [text === '' ? 'Done.' : JSON.stringify(answer, null, 2)]);
  return 0;
}

/** The tag of the version that stands now, or undefined where there is none. */
export async function findTag(source: TargetSource, path: string): Promise<string | undefined> {
  const response = await send({ source, method: 'GET', path });
  await response.body?.cancel();
  return response.headers.get('etag') ?? undefined;
}

async function send({ source, method, path, body, ifMatch }: ActivityCall): Promise<Response> {
  const { origin, jwtSecret } = findTarget(source);
  const token = await mintToken({ sub: 'cli', role: 'admin' }, jwtSecret);
  return await fetch(new URL(`/api/activities${path}`, origin), {
    method,
    signal: AbortSignal.timeout(TIMEOUT_MS),
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
    },
    ...(body === undefined ? {} : { body }),
  });
}
