// What becomes of a payment that is stored: it pays for its order, takes a unit again for it, or
// goes back. Every step may be repeated; README.md tells the rules in words.
import { parseOrderId } from '../../shared/order-id.ts';
import type { OrderRef, Recovery } from '../inventory/inventory.ts';
import type { PaymentRow, RefundCause } from '../store/payments-port.ts';
import type { OrderRow } from '../store/store.ts';
import { refund } from './refund.ts';
import { settleUnknown } from './settle-unknown.ts';
import type { Settled, SettleParts } from './settled.ts';

export type Settle = (payment: PaymentRow) => Promise<Settled>;

/** Cancelled by time or by our failure, not by a person: whoever paid may have a unit again. */
const REVIVABLE: ReadonlySet<string> = new Set(['EXPIRED', 'FENCED', 'LOST_IN_FAILURE']);
const waits = (why: string): Settled => ({ kind: 'waits', why });

/** The payment must have been taken by the caller. Rejects when the database is away. */
export function createSettle(parts: SettleParts): Settle {
  return async function settle(payment) {
    if (payment.state === 'refund-due') return refund(parts, payment);
    if (payment.state !== 'received') return { kind: 'decided' };
    const settled = await settleReceived(parts, payment);
    if (settled.kind !== 'returned') return settled;
    const { cause } = settled;
    return refund(parts, { ...payment, state: 'refund-due', cause });
  };
}

async function settleReceived(parts: SettleParts, payment: PaymentRow): Promise<Settled> {
  const { find, store } = parts;
  const id = parseOrderId(payment.orderId);
  if (id === undefined) return giveBack(parts, payment, 'unknown-order');
  const found = await find(id);
  if (found.kind === 'unsure') return waits('order-unsure');
  if (found.kind === 'order' && !isAmountOf(payment, found.order)) {
    return giveBack(parts, payment, 'amount-mismatch');
  }
  const held = await store.holdOrder(payment.paymentId);
  if (held === 'decided') return { kind: 'decided' };
  if (held === 'taken') return giveBack(parts, payment, 'second-payment');
  if (found.kind === 'nowhere') return settleUnknown(parts, payment, keep);
  const row = await store.findOrder(payment.orderId);
  const { order } = found;
  return payment.paidAt <= order.payBy
    ? settleInTime(parts, payment, { order, row })
    : settleLate(parts, payment, { order, row });
}

const isAmountOf = (payment: PaymentRow, order: OrderRow): boolean =>
  payment.amount === order.amount && payment.currency === order.currency;

interface Ordered {
  readonly order: OrderRow;
  readonly row: OrderRow | undefined;
}

const refOf = ({ activityId, orderId, userId }: OrderRow): OrderRef => ({
  ...{ activityId, orderId, userId },
});

async function settleInTime(
  parts: SettleParts,
  payment: PaymentRow,
  { order, row }: Ordered,
): Promise<Settled> {
  const answer = await parts.inventory.settle(refOf(order));
  switch (answer.kind) {
    case 'settled':
      return keep(parts, payment, refOf(order));
    case 'known':
      if (answer.status === 'PAID') return confirm(parts, payment, { order, row });
      return answer.status === 'CANCELLED'
        ? revive(parts, payment, { order, reason: row?.reason })
        : waits('order-pending');
    case 'unknown':
      if (row?.status !== 'CANCELLED') return waits('order-unknown');
      return revive(parts, payment, { order, reason: row.reason });
    case 'not-loaded':
      return settleFormer(parts, payment, { order, to: 'PAID' });
    default:
      return waits(answer.kind);
  }
}

/** What is paid too late holds no unit: it goes back first, and is taken like any free one. */
async function settleLate(
  parts: SettleParts,
  payment: PaymentRow,
  { order, row }: Ordered,
): Promise<Settled> {
  const how = { reason: 'EXPIRED', countsAsLapse: true } as const;
  const answer = await parts.inventory.release(refOf(order), how);
  switch (answer.kind) {
    case 'released':
      parts.metrics.expired();
      return revive(parts, payment, { order, reason: how.reason });
    case 'known':
      if (answer.status === 'PAID') return confirm(parts, payment, { order, row });
      return revive(parts, payment, { order, reason: row?.reason });
    case 'unknown':
      if (row?.status !== 'CANCELLED') return waits('order-unknown');
      return revive(parts, payment, { order, reason: row.reason });
    case 'not-loaded':
      return settleFormer(parts, payment, { order, to: 'CANCELLED' });
    default:
      return waits(answer.kind);
  }
}

/** PAID in Redis: the payment is done with once the row says so too, which alone proves nothing. */
function confirm(
  parts: SettleParts,
  payment: PaymentRow,
  { order, row }: Ordered,
): Promise<Settled> {
  return row?.status === 'PAID' ? apply(parts, payment) : keep(parts, payment, refOf(order));
}

/** A unit again, if one is free and the limit allows; for a late payment only if nobody waits. */
async function revive(
  parts: SettleParts,
  payment: PaymentRow,
  { order, reason }: { readonly order: OrderRow; readonly reason: string | null | undefined },
): Promise<Settled> {
  if (reason === undefined || reason === null) return waits('reason-unknown');
  if (!REVIVABLE.has(reason)) return giveBack(parts, payment, 'order-cancelled');
  if (payment.paidAt > order.payBy) {
    const line = await parts.lineOf(order.skuId);
    if (line === 'unsure') return waits('line-unsure');
    if (line === 'people-wait') return giveBack(parts, payment, 'no-unit');
  }
  const { userId, quantity, createdAt } = order;
  const recovery: Recovery = {
    ...{ ...refOf(order), userId, quantity, createdAt },
    ...{ epoch: 0, seq: 0, as: 'PAID' },
  };
  const answer = await parts.inventory.recover(recovery);
  switch (answer.kind) {
    case 'recovered':
      return keep(parts, payment, refOf(order));
    case 'known':
      return answer.status === 'PAID'
        ? keep(parts, payment, refOf(order))
        : giveBack(parts, payment, 'no-unit');
    case 'lost':
      return giveBack(parts, payment, 'no-unit');
    case 'not-loaded':
      return settleFormer(parts, payment, { order, to: 'CANCELLED' });
    default:
      return waits(answer.kind);
  }
}

/** Redis serves another activity: the row is all there is, once the former one is closed. */
async function settleFormer(
  parts: SettleParts,
  payment: PaymentRow,
  { order, to }: { readonly order: OrderRow; readonly to: 'PAID' | 'CANCELLED' },
): Promise<Settled> {
  const activity = await parts.store.findActivity(order.activityId);
  if (activity?.state !== 'CLOSED') return waits('not-loaded');
  const { orderId } = order;
  const reason = to === 'PAID' ? null : 'EXPIRED';
  const change = { orderId, to, reason, restock: to === 'CANCELLED' } as const;
  const status = await parts.store.endFormerOrder(change);
  if (status === undefined) return waits('order-unknown');
  return status === 'PAID' ? apply(parts, payment) : giveBack(parts, payment, 'order-cancelled');
}

/**
 * The order is PAID in Redis. Whoever was stopped for so long that another gave the payment back
 * meanwhile must not leave the order paid for by nothing.
 */
async function keep(
  { store, inventory }: SettleParts,
  { paymentId }: PaymentRow,
  order: OrderRef,
): Promise<Settled> {
  const payment = await store.findPayment(paymentId);
  const isKept = payment?.state === 'received' || payment?.state === 'applied';
  if (isKept || payment?.holdsOrder === true) return { kind: 'paid' };
  const how = { reason: 'REFUNDED', countsAsLapse: false } as const;
  const answer = await inventory.release(order, how);
  return answer.kind === 'released' || answer.kind === 'known'
    ? { kind: 'decided' }
    : waits('undo');
}

async function apply({ store, metrics }: SettleParts, { paymentId }: PaymentRow): Promise<Settled> {
  const isFirst = await store.applyPayment({ paymentId, now: Date.now() });
  if (isFirst) metrics.applied();
  return { kind: 'applied' };
}

async function giveBack(
  { store, metrics }: SettleParts,
  { paymentId, nextAttemptAt }: PaymentRow,
  cause: RefundCause,
): Promise<Settled> {
  const taken = { paymentId, nextAttemptAt, cause, now: Date.now() };
  if (!(await store.returnPayment(taken))) return { kind: 'decided' };
  metrics.payment('refund-due');
  return { kind: 'returned', cause };
}
