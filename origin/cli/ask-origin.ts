// An administrator's call of an origin, as commands make it.

import type { ExitCode, Output } from './command.ts';
import { mintToken } from './mint.ts';
import { findTarget, type TargetSource } from './target.ts';

export interface OriginCall {
  readonly source: TargetSource;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default 10 s. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 10_000;

/** The origin's answer as the command's result; a refusal is its fault and exit code 1. */
export async function askOrigin(
  { source, method, path, body, headers, timeoutMs = TIMEOUT_MS }: OriginCall,
  output: Output,
): Promise<ExitCode> {
  const { origin, jwtSecret } = findTarget(source);
  const token = await mintToken({ sub: 'cli', role: 'admin' }, jwtSecret);
  const response = await fetch(new URL(path, origin), {
    method,
    signal: AbortSignal.timeout(timeoutMs),
    headers: { ...headers, authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  if (!response.ok) {
    output.fault(`${response.status} ${text}`);
    return 1;
  }
  const answer: unknown = text === '' ? null : JSON.parse(text);
  output.result(answer, [JSON.stringify(answer, null, 2)]);
  return 0;
}
