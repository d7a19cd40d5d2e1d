// POST /api/orders/{orderId}/cancel: the buyer wants it no longer. The gateway's session is closed
// first, so that nobody pays for what is being cancelled.
import { parseOrderId } from '../../shared/order-id.ts';
import type { Caller } from '../caller.ts';
import type { OrderRow } from '../store/store.ts';
import {
  ALREADY_PAID,
  FENCED,
  type OrderAnswer,
  type OrderCallParts,
  shown,
  UNAVAILABLE,
  UNKNOWN_ORDER,
  unknown,
  whileAway,
} from './order-calls.ts';

export function cancelOrder(
  parts: OrderCallParts,
  caller: Caller,
  orderId: string,
): Promise<OrderAnswer> {
  const id = parseOrderId(orderId);
  if (id === undefined) return Promise.resolve(UNKNOWN_ORDER);
  return whileAway(async () => {
    const found = await parts.find(id);
    if (found.kind === 'unsure') return UNAVAILABLE;
    if (found.kind === 'nowhere') return unknown(parts, id);
    if (caller.sub !== found.order.userId) return UNKNOWN_ORDER;
    if (found.order.status === 'CANCELLED') return shown(parts, found);
    if (found.order.status === 'PAID') return ALREADY_PAID;
    const isPaid = await closeSession(parts, found.order);
    if (isPaid === 'away') return UNAVAILABLE;
    if (isPaid === 'paid') return ALREADY_PAID;
    const ended = await release(parts, found.order);
    if (ended !== 'cancelled') return ended;
    const after = await parts.find(id);
    return after.kind === 'order' ? shownCancelled(parts, after) : UNAVAILABLE;
  });
}

/** The reason is in the database a moment after this call; its caller knows it already. */
function shownCancelled(
  parts: OrderCallParts,
  { order, isPersisted }: { readonly order: OrderRow; readonly isPersisted: boolean },
): OrderAnswer {
  if (order.status === 'PAID') return ALREADY_PAID;
  const { reason } = order;
  const status = 'CANCELLED';
  return shown(parts, {
    order: { ...order, status, reason: reason ?? 'CANCELLED_BY_BUYER' },
    isPersisted,
  });
}

async function closeSession(
  { gateway, payments }: OrderCallParts,
  { orderId }: OrderRow,
): Promise<'unpaid' | 'paid' | 'away'> {
  const answer = await gateway.closeSessions([orderId]);
  if (answer.kind === 'away') return 'away';
  let isPaid = false;
  for (const payment of answer.sessions.get(orderId)?.payments ?? []) {
    const { settled } = await payments.take({ ...payment, orderId, outcome: 'succeeded' });
    if (settled.kind === 'waits') return 'away';
    if (settled.kind === 'paid' || settled.kind === 'applied') isPaid = true;
  }
  return isPaid ? 'paid' : 'unpaid';
}

async function release(
  { inventory, store }: OrderCallParts,
  { activityId, orderId }: OrderRow,
): Promise<OrderAnswer | 'cancelled'> {
  const reason = 'CANCELLED_BY_BUYER';
  const how = { reason, countsAsLapse: false } as const;
  const answer = await inventory.release({ activityId, orderId }, how);
  switch (answer.kind) {
    case 'released':
      return 'cancelled';
    case 'known':
      return answer.status === 'PAID' ? ALREADY_PAID : 'cancelled';
    case 'fenced':
      return FENCED;
    case 'not-loaded': {
      const activity = await store.findActivity(activityId);
      if (activity?.state !== 'CLOSED') return UNAVAILABLE;
      const change = { orderId, to: 'CANCELLED', reason, restock: true } as const;
      const status = await store.endFormerOrder(change);
      return status === 'PAID' ? ALREADY_PAID : 'cancelled';
    }
    default:
      return UNAVAILABLE;
  }
}
