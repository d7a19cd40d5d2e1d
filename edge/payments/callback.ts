// POST /api/payments/callback: handed on byte by byte, for the origin knows the secret that signed it.
import { WEBHOOK_BODY_LIMIT_BYTES, WEBHOOK_HEADERS } from '../../shared/payment.ts';
import { refuse } from '../answer.ts';
import { readBody } from '../body/read-body.ts';
import type { Call } from '../call.ts';
import { askAndRelay } from '../forward/ask-and-relay.ts';
import type { AskOrigin } from '../forward/origin.ts';

const TIMEOUT_MS = 8_000;

export async function takeCallback(askOrigin: AskOrigin, call: Call): Promise<Response> {
  const read = await readBody(call.request, WEBHOOK_BODY_LIMIT_BYTES);
  if (read.kind === 'refuse') return refuse(call, read.refusal);
  const headers: Record<string, string> = {};
  for (const name of ['content-type', ...WEBHOOK_HEADERS]) {
    headers[name] = call.request.headers.get(name) ?? 'none';
  }
  const { bytes: body } = read;
  const path = '/api/payments/callback';
  const errand = { path, body, headers, claims: {}, timeoutMs: TIMEOUT_MS };
  return askAndRelay(askOrigin, { method: 'POST', ...errand }, call);
}
