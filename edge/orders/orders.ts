// What a buyer wants of an order that exists: POST /api/orders/:orderId/cancel, POST /api/receipts.
// The edge says who asks and counts; the origin knows.
import { parseOrderId } from '../../shared/order-id.ts';
import { emptyBodySchema, receiptBodySchema } from '../../shared/payment.ts';
import { BUYER_BODY_LIMIT_BYTES } from '../../shared/purchase.ts';
import { refuse } from '../answer.ts';
import { parseBody } from '../body/parse-body.ts';
import { readBody } from '../body/read-body.ts';
import type { Call } from '../call.ts';
import type { Edge } from '../edge.ts';
import { askAndRelay } from '../forward/ask-and-relay.ts';
import { rateLimitHeaders, secondsUntil } from '../ip-limit/ip-limit.ts';

type Schema = typeof emptyBodySchema | typeof receiptBodySchema;

/** Closing a session at the payment gateway takes its time. */
const TIMEOUT_MS = 5_000;

export const showReceipt = (edge: Edge, call: Call): Promise<Response> =>
  ask(edge, call, { path: '/api/receipts', schema: receiptBodySchema });

export const cancelOrder = (edge: Edge, call: Call, orderId: string): Promise<Response> =>
  ask(edge, call, {
    path: parseOrderId(orderId) && `/api/orders/${orderId}/cancel`,
    schema: emptyBodySchema,
  });

/** `path`: undefined where there can be no such order. */
async function ask(
  edge: Edge,
  call: Call,
  { path, schema }: { readonly path: string | undefined; readonly schema: Schema },
): Promise<Response> {
  const { request, network } = call;
  const read = await readBody(request, BUYER_BODY_LIMIT_BYTES); // 413
  if (read.kind === 'refuse') return refuse(call, read.refusal);
  const identity = await edge.identify(request.headers); // 401
  if (identity.kind === 'refuse') return refuse(call, identity.refusal);
  const parsed = parseBody(request, read.bytes, schema); // 415, 400
  if (parsed.kind === 'refuse') return refuse(call, parsed.refusal);
  if (path === undefined) return refuse(call, { kind: 'unknown-order', showReceipt: false }); // 404

  const { userId } = identity.caller;
  const now = Date.now();
  const user = await edge.names.user(userId);
  const held = request.headers.get('x-device-token') ?? '';
  const token = await edge.deviceTokens.open(held, { user, now });
  const { count } = await edge.ipLimit.take({ network, deviceId: token?.names.device }, []);
  Object.assign(call.headers, rateLimitHeaders(count, now));
  if (!count.isAllowed) {
    const retryAfterSeconds = secondsUntil(count.resetAt, now);
    return refuse(call, { kind: 'rate-limited', retryAfterSeconds }); // 429
  }
  const body = new TextEncoder().encode(JSON.stringify(parsed.value));
  const errand = { path, body, claims: { sub: userId }, timeoutMs: TIMEOUT_MS };
  return askAndRelay(edge.askOrigin, { method: 'POST', ...errand }, call);
}
