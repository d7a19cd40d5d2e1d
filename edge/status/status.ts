// GET /api/seckill/status/:orderId: the origin knows; the edge says who asks.
import { parseOrderId } from '../../shared/order-id.ts';
import { refuse } from '../answer.ts';
import type { Call } from '../call.ts';
import { askAndRelay } from '../forward/ask-and-relay.ts';
import type { AskOrigin } from '../forward/origin.ts';
import type { Identify } from '../identity/identity.ts';

export interface StatusParts {
  readonly identify: Identify;
  readonly askOrigin: AskOrigin;
}

const TIMEOUT_MS = 2_000;

export async function showStatus(
  { identify, askOrigin }: StatusParts,
  call: Call,
  orderId: string,
): Promise<Response> {
  const identity = await identify(call.request.headers);
  if (identity.kind === 'refuse') return refuse(call, identity.refusal);
  if (parseOrderId(orderId) === undefined) {
    return refuse(call, { kind: 'unknown-order', showReceipt: false });
  }
  const { userId, isAdmin } = identity.caller;
  const claims = isAdmin ? ({ sub: userId, role: 'admin' } as const) : { sub: userId };
  const path = `/api/seckill/status/${orderId}`;
  return askAndRelay(askOrigin, { method: 'GET', path, claims, timeoutMs: TIMEOUT_MS }, call);
}
