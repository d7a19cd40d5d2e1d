// The one way out of the Worker: what every answer carries is added here.
import { problemAnswer } from '../shared/problem.ts';
import type { Refusal } from '../shared/refusal.ts';
import type { Call } from './call.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: BodyInit | null;
}

export function respond(call: Call, { status, headers, body }: Answer): Response {
  // Written as one object: each header that is set afterwards costs a call into the runtime.
  return new Response(body, {
    status,
    headers: {
      'cache-control': 'no-store',
      ...headers,
      ...call.headers,
      'x-content-type-options': 'nosniff',
      'strict-transport-security': 'max-age=31536000',
      'x-request-id': call.requestId,
    },
  });
}

export interface JsonAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

export function respondJson(call: Call, { status, headers, body }: JsonAnswer): Response {
  return respond(call, {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

export function refuse(call: Call, refusal: Refusal): Response {
  call.log({ event: `refusal ${refusal.kind}`, level: 'debug' });
  const { status, headers, body } = problemAnswer(refusal, call.requestId);
  return respond(call, { status, headers, body: JSON.stringify(body) });
}
