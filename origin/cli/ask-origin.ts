// An administrator's call of an origin, as commands make it.
import type { ExitCode, Output } from './command.ts';
import { problemLines } from './problem-lines.ts';
import { findTarget, type TargetSource } from './target.ts';

export interface OriginCall {
  readonly source: TargetSource;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default 10 s. */
  readonly timeoutMs?: number;
  /** What a person reads of the answer; where absent, its JSON. */
  readonly lines?: (answer: unknown) => readonly string[];
}

const TIMEOUT_MS = 10_000;

/** The origin's answer as the command's result; a refusal is its fault and exit code 1. Asked once. */
export async function askOrigin(call: OriginCall, output: Output): Promise<ExitCode> {
  const response = await send(call);
  const text = await response.text();
  if (!response.ok) {
    output.fault(problemLines(response.status, text), { status: response.status, answer: text });
    return 1;
  }
  if (text === '') {
    output.result({}, ['Done.']);
    return 0;
  }
  const answer: unknown = JSON.parse(text);
  output.result(answer, call.lines?.(answer) ?? [JSON.stringify(answer, null, 2)]);
  return 0;
}

/** The tag of what stands at a path now, or undefined where nothing does. */
export async function findTag(source: TargetSource, path: string): Promise<string | undefined> {
  const response = await send({ source, method: 'GET', path });
  await response.body?.cancel();
  return response.headers.get('etag') ?? undefined;
}

async function send(call: OriginCall): Promise<Response> {
  const { source, method, path, body, headers, timeoutMs = TIMEOUT_MS } = call;
  const { origin, token } = await findTarget(source);
  try {
    return await fetch(new URL(path, origin), {
      method,
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        ...headers,
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body }),
    });
  } catch (error) {
    const isLate = error instanceof Error && error.name === 'TimeoutError';
    const why = isLate ? `gave no answer within ${timeoutMs / 1_000} s` : 'does not answer';
    // Behind "fetch failed" stands what happened.
    const cause = error instanceof Error && !isLate ? error.cause : undefined;
    throw new Error(`The origin at ${origin} ${why}`, { cause });
  }
}
