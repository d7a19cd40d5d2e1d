// The forms in which answers leave the Worker.
import { problemAnswer } from '../shared/problem.ts';
import type { Refusal } from '../shared/refusal.ts';
import type { Call } from './call.ts';

type JsonBody = Readonly<Record<string, unknown>>;

export function answerJson(
  body: JsonBody,
  init: { readonly status?: number; readonly headers?: Readonly<Record<string, string>> } = {},
): Response {
  return new Response(JSON.stringify(body), {
    status: init.status ?? 200,
    headers: {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      ...init.headers,
    },
  });
}

export function refuse({ requestId }: Call, refusal: Refusal): Response {
  const { status, headers, body } = problemAnswer(refusal, requestId);
  return new Response(JSON.stringify(body), { status, headers });
}

const COMMON_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'strict-transport-security': 'max-age=31536000',
  'x-frame-options': 'DENY',
};
const NO_CONTENT_POLICY = "default-src 'none'; frame-ancestors 'none'";

/** Adds what every answer carries; one that names its own content policy keeps it. */
export function seal({ headers }: Response, call: Call): void {
  for (const [name, value] of Object.entries(COMMON_HEADERS)) headers.set(name, value);
  for (const [name, value] of call.headers) headers.set(name, value);
  headers.set('x-request-id', call.requestId);
  if (!headers.has('content-security-policy')) {
    headers.set('content-security-policy', NO_CONTENT_POLICY);
  }
}
