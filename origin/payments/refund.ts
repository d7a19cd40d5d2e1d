// Money on its way back. A refund that an operator asked for ends the PAID order first, so that no
// unit stands sold that nobody pays for.
import { parseOrderId } from '../../shared/order-id.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { mayBeForgotten } from '../orders/forgotten.ts';
import type { PaymentRow } from '../store/payments-port.ts';
import type { OrderRow } from '../store/store.ts';
import type { Settled, SettleParts } from './settled.ts';

/** The payment is due for refund. Safe to repeat at any point. */
export async function refund(parts: SettleParts, payment: PaymentRow): Promise<Settled> {
  const { gateway, store, metrics } = parts;
  const { paymentId, orderId, amount, currency, cause } = payment;
  if (cause === 'asked' || cause === 'asked-restock') {
    const ended = await endPaidOrder(parts, { orderId, restock: cause === 'asked-restock' });
    if (ended !== 'ended') return { kind: 'waits', why: ended };
  }
  const answer = await gateway.refund({ paymentId, orderId, amount, currency });
  if (answer !== 'refunded') return { kind: 'waits', why: `refund-${answer}` };
  if (await store.closePayment({ paymentId, now: Date.now() })) metrics.payment('refunded');
  return { kind: 'refunded' };
}

export interface EndParts extends Pick<SettleParts, 'store'> {
  readonly inventory: Pick<Inventory, 'release' | 'void' | 'remindOfPaid'>;
}

type Ended = 'ended' | 'order-unknown' | 'not-loaded' | 'fenced' | 'away' | 'ambiguous';

/** CANCELLED in Redis and on its way to the row; in the row itself where Redis has moved on. */
export async function endPaidOrder(parts: EndParts, wish: Wish): Promise<Ended> {
  const { inventory, store } = parts;
  const ended = await endOnce(parts, wish);
  const row = ended === 'order-unknown' ? await store.findOrder(wish.orderId) : undefined;
  if (row?.status !== 'PAID' || !(await isForgotten(parts, row))) return ended;
  const { kind } = await inventory.remindOfPaid(row);
  return kind === 'reminded' ? await endOnce(parts, wish) : kind;
}

async function isForgotten({ store }: EndParts, { activityId, orderId }: OrderRow) {
  const activity = await store.findActivity(activityId);
  const ulid = parseOrderId(orderId)?.ulid;
  return activity !== undefined && ulid !== undefined && mayBeForgotten(ulid, activity);
}

interface Wish {
  readonly orderId: string;
  readonly restock: boolean;
}

async function endOnce({ store, inventory }: EndParts, { orderId, restock }: Wish): Promise<Ended> {
  const row = await store.findOrder(orderId);
  if (row === undefined) return 'order-unknown';
  // What the row says may be older than what Redis knows: it decides only where Redis knows nothing.
  const { activityId } = row;
  const reason = 'REFUNDED';
  const answer = restock
    ? await inventory.release({ activityId, orderId }, { reason, countsAsLapse: false })
    : await inventory.void({ activityId, orderId }, reason);
  switch (answer.kind) {
    case 'released':
    case 'voided':
      return 'ended';
    case 'known':
      // A row that still has to become PAID: the event before this one is on its way.
      return answer.status === 'CANCELLED' ? 'ended' : 'order-unknown';
    case 'unknown':
      return row.status === 'CANCELLED' ? 'ended' : 'order-unknown';
    case 'not-loaded': {
      const activity = await store.findActivity(activityId);
      if (activity?.state !== 'CLOSED') return 'not-loaded';
      await store.endFormerOrder({ orderId, to: 'CANCELLED', reason, restock });
      return 'ended';
    }
    default:
      return answer.kind;
  }
}
