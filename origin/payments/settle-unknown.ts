// A payment for an order that nobody knows: the gateway's session holds the buyer's receipt, and the
// payment serves as if it had been shown.
import type { OrderRef } from '../inventory/inventory.ts';
import type { PaymentRow } from '../store/payments-port.ts';
import type { Settled, SettleParts } from './settled.ts';

/** So long an order may still turn up: by its buyer's receipt, or by an event that comes late. */
export const UNKNOWN_GRACE_MS = 900_000;

const UNKNOWN: Settled = { kind: 'unknown-order' };
type Keep = (parts: SettleParts, payment: PaymentRow, order: OrderRef) => Promise<Settled>;

/** The payment holds the order id already. */
export async function settleUnknown(
  parts: SettleParts,
  payment: PaymentRow,
  keep: Keep,
): Promise<Settled> {
  const { orderId, paymentId, nextAttemptAt } = payment;
  const { gateway, receipts, store, inventory, metrics } = parts;
  const answer = await gateway.readSessions([orderId]);
  if (answer.kind === 'away') return UNKNOWN;
  const reference = answer.sessions.get(orderId)?.reference;
  const receipt = reference === undefined ? undefined : receipts.read(reference);
  const activity = receipt && (await store.findActivity(receipt.activityId));
  const giveBack = async (cause: 'unknown-order' | 'amount-mismatch' | 'no-unit') => {
    const now = Date.now();
    if (!(await store.returnPayment({ paymentId, nextAttemptAt, cause, now }))) return DECIDED;
    metrics.payment('refund-due');
    return { kind: 'returned', cause } as const;
  };
  if (receipt?.orderId !== orderId || activity === undefined) {
    return Date.now() - payment.receivedAt > UNKNOWN_GRACE_MS ? giveBack('unknown-order') : UNKNOWN;
  }
  const { price, currency, paymentWindowSeconds, skuId } = activity;
  if (payment.amount !== price * receipt.quantity || payment.currency !== currency) {
    return giveBack('amount-mismatch');
  }
  const isLate = payment.paidAt > receipt.createdAt + paymentWindowSeconds * 1000;
  const line = isLate ? await parts.lineOf(skuId) : 'nobody-waits';
  if (line === 'unsure') return { kind: 'waits', why: 'line-unsure' };
  if (line === 'people-wait') return giveBack('no-unit');
  const recovered = await inventory.recover({ ...receipt, as: 'PAID' });
  switch (recovered.kind) {
    case 'recovered':
      return keep(parts, payment, receipt);
    case 'known':
      return recovered.status === 'PAID' ? keep(parts, payment, receipt) : giveBack('no-unit');
    case 'lost':
      return giveBack('no-unit');
    case 'not-loaded':
      if (activity.state !== 'CLOSED') return { kind: 'waits', why: 'not-loaded' };
      // So that the buyer reads of the order what became of the money.
      await store.recordLost({ order: receipt, now: Date.now() });
      return giveBack('unknown-order');
    default:
      return { kind: 'waits', why: recovered.kind };
  }
}

const DECIDED = { kind: 'decided' } as const;
