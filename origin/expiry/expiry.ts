// Ends orders that nobody has paid in time. The gateway is asked first: its sessions are closed, and
// what was paid in them counts, however late its callback comes.
import type { Inventory, OrderRef } from '../inventory/inventory.ts';
import type { PackedOrder } from '../orders/packed-order.ts';
import {
  type GatewaySession,
  type PaymentGateway,
  SESSIONS_PER_CALL,
} from '../payments/gateway.ts';
import type { PaymentMetrics } from '../payments/metrics.ts';
import type { Payments } from '../payments/payments.ts';
import type { PaymentsStore } from '../store/payments-port.ts';

export interface ExpiryParts {
  readonly inventory: Pick<Inventory, 'due' | 'release'>;
  readonly gateway: PaymentGateway;
  readonly payments: Payments;
  readonly store: Pick<PaymentsStore, 'paymentsOfOrders'>;
  readonly metrics: PaymentMetrics;
  /**
   * While the gateway does not answer, orders keep their units so long behind payBy: whoever paid
   * in time must not lose the unit. Then they go; a payment that shows up takes a free unit or is
   * given back.
   */
  readonly graceMs: number;
  /** Orders of one round. */
  readonly perRound: () => number;
}

type DueOrder = OrderRef & { readonly order: PackedOrder };

export interface Expired {
  readonly expired: number;
  /** Kept because the gateway did not answer; the next round asks again. */
  readonly kept: number;
}

const SIDE_BY_SIDE = 16;

/** One round of one activity. `nowMs` by the clock that set payBy: Redis's. */
export async function expireOrders(
  parts: ExpiryParts,
  activityId: string,
  nowMs: number,
): Promise<Expired & { readonly isMore: boolean }> {
  const limit = parts.perRound();
  const due = await parts.inventory.due(activityId, { atMs: nowMs, limit });
  if (due.kind !== 'due') return { expired: 0, kept: 0, isMore: false };
  const orders = [...due.orders];
  const chunks: DueOrder[][] = [];
  while (orders.length > 0) chunks.push(orders.splice(0, SESSIONS_PER_CALL));
  const done = await Promise.all(chunks.map((chunk) => expireChunk(parts, chunk, nowMs)));
  const expired = done.reduce((sum, one) => sum + one.expired, 0);
  const kept = done.reduce((sum, one) => sum + one.kept, 0);
  return { expired, kept, isMore: due.orders.length === limit && expired > 0 };
}

async function expireChunk(
  parts: ExpiryParts,
  orders: readonly DueOrder[],
  nowMs: number,
): Promise<Expired> {
  const ids = orders.map(({ orderId }) => orderId);
  const answer = await parts.gateway.closeSessions(ids);
  const stored = await parts.store.paymentsOfOrders(ids);
  const isPaid = new Set(
    stored
      .filter(({ state }) => state === 'received' || state === 'applied')
      .map(({ orderId }) => orderId),
  );
  const waiting = orders.filter(
    ({ order }) => answer.kind === 'sessions' || order.payBy + parts.graceMs < nowMs,
  );
  const sessions = answer.kind === 'sessions' ? answer.sessions : new Map<string, GatewaySession>();
  const kept = orders.length - waiting.length;
  let expired = 0;
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      // A payment that is stored is the sweep's to decide about, a late one too.
      if (isPaid.has(next.orderId)) continue;
      if (await expireOne(parts, next, sessions.get(next.orderId))) expired += 1;
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
  return { expired, kept };
}

/** True when the order has given its units back. */
async function expireOne(
  { inventory, payments, metrics }: ExpiryParts,
  { activityId, orderId, order: { userId } }: DueOrder,
  session: GatewaySession | undefined,
): Promise<boolean> {
  for (const paid of session?.payments ?? []) {
    const taken = await payments.take({ ...paid, orderId, outcome: 'succeeded' });
    if (taken.isNew) metrics.repaired();
    const { state } = taken.payment;
    const isGivenBack = state === 'refund-due' || state === 'refunded';
    const isReturned = ['returned', 'refunded'].includes(taken.settled.kind) || isGivenBack;
    // Otherwise it pays for the order, or is about to.
    if (!isReturned) return false;
  }
  const how = { reason: 'EXPIRED', countsAsLapse: true } as const;
  const answer = await inventory.release({ activityId, orderId, userId }, how);
  if (answer.kind === 'released') metrics.expired();
  return answer.kind === 'released';
}
