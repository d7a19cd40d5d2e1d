// What one event does to its order's row. The row decides, never the epoch alone.
import type { OrderEvent, OrderFacts } from '../../../shared/order-event.ts';
import type { CancelReason, OrderStatus } from '../../../shared/words.ts';
import type { OrderRow } from '../store.ts';
import { deadOrderKey } from './view.ts';
import { type MutableActivity, type MutableOrder, raiseAlarm, type Work } from './work.ts';

/** Applies the event whose number is due; answers why it cannot be, if so. */
export function project(
  work: Work,
  activity: MutableActivity,
  event: OrderEvent,
): string | undefined {
  if (event.type === 'adjusted') return adjust(activity, event);
  const { order } = event;
  if (order === undefined) return undefined;
  if (isIn(work.heldOrders, event, order)) return 'an event of this order is a dead letter';
  const row = work.orders.get(order.orderId);
  if (row !== undefined && row.activityId !== event.activityId) return 'order of another activity';
  if (event.type === 'reserved') {
    reserve(work, activity, event, order);
    return undefined;
  }
  if (row === undefined) return recordLost(work, event, order);
  if (event.type === 'paid') pay(work, row);
  if (event.type === 'cancelled') {
    const reason = order.reason ?? 'EXPIRED';
    cancel(work, activity, row, { reason, returns: event.restock !== false });
  }
  return undefined;
}

/** An order that a failure took before it had a row: its buyer reads here what became of it. */
function recordLost(work: Work, event: OrderEvent, order: OrderFacts): string | undefined {
  const isLost = event.type === 'cancelled' && order.reason === 'LOST_IN_FAILURE';
  if (!isLost) return 'no such order';
  // It may have a row all the same, which nobody has looked for yet.
  work.isStraight = false;
  insert(work, rowOf(event, order, { status: 'CANCELLED', reason: 'LOST_IN_FAILURE' }));
  return undefined;
}

/**
 * Records a reservation that has no place in the sequence as CANCELLED, so that its buyer can read
 * what became of it. Answers whether it was recorded: not when the order is known already.
 */
export function fence(work: Work, event: OrderEvent): boolean {
  const { order } = event;
  if (event.type !== 'reserved' || order === undefined) return false;
  if (isIn(work.deadOrders, event, order) || isIn(work.heldOrders, event, order)) return false;
  if (work.orders.has(order.orderId)) return false;
  insert(work, rowOf(event, order, { status: 'CANCELLED', reason: 'FENCED' }));
  return true;
}

function reserve(
  work: Work,
  activity: MutableActivity,
  event: OrderEvent,
  order: OrderFacts,
): void {
  const known = work.orders.get(order.orderId);
  if (known !== undefined && !isRevivable(known, event)) return;
  const isSold = activity.sold + order.quantity <= activity.stock;
  const row = rowOf(
    event,
    order,
    isSold
      ? { status: 'PENDING', reason: null }
      : { status: 'CANCELLED', reason: 'OVERSOLD_GUARD' },
  );
  if (isSold) activity.sold += order.quantity;
  else raiseAlarm(activity, event, 'more reserved than the stock');
  if (!isSold) work.oversold.push({ activityId: event.activityId, orderId: order.orderId });
  if (known === undefined) {
    insert(work, row);
  } else {
    Object.assign(known, row);
    work.revived.add(known);
  }
}

/** By a reservation behind its own: it was lost or cancelled, and has got its units again. */
const isRevivable = (row: OrderRow, { epoch, seq }: OrderEvent): boolean =>
  row.status === 'CANCELLED' && (row.epoch < epoch || (row.epoch === epoch && row.seq < seq));

function pay(work: Work, row: MutableOrder): void {
  if (row.status !== 'PENDING') return;
  row.status = 'PAID';
  work.settled.add(row);
}

function cancel(
  work: Work,
  activity: MutableActivity,
  row: MutableOrder,
  { reason, returns }: { readonly reason: CancelReason; readonly returns: boolean },
): void {
  if (row.status === 'CANCELLED') return;
  row.status = 'CANCELLED';
  row.reason = reason;
  if (returns) activity.sold -= row.quantity;
  work.settled.add(row);
}

function adjust(activity: MutableActivity, event: OrderEvent): string | undefined {
  const stock = event.stock ?? 0;
  if (stock < activity.sold) {
    raiseAlarm(activity, event, 'a stock below what is sold');
    return 'stock below what is sold';
  }
  activity.stock = stock;
  return undefined;
}

/** Most batches meet no dead letter, and need no keys to say so. */
const isIn = (keys: ReadonlySet<string>, { activityId }: OrderEvent, { orderId }: OrderFacts) =>
  keys.size > 0 && keys.has(deadOrderKey(activityId, orderId));

function insert(work: Work, row: MutableOrder): void {
  work.orders.set(row.orderId, row);
  work.inserts.add(row);
}

function rowOf(
  event: OrderEvent,
  order: OrderFacts,
  outcome: { readonly status: OrderStatus; readonly reason: CancelReason | null },
): MutableOrder {
  return {
    orderId: order.orderId,
    activityId: event.activityId,
    skuId: event.skuId,
    userId: order.userId,
    quantity: order.quantity,
    amount: order.amount,
    currency: order.currency,
    ...outcome,
    epoch: event.epoch,
    seq: event.seq,
    createdAt: order.createdAt,
    payBy: order.payBy,
  };
}
