// An order of an activity that is over, and whose keys in Redis are gone: the row is all there is.
import { LockMode } from '@mikro-orm/core';
import type { OrderStatus } from '../../../shared/words.ts';
import { type FormerEnd, formerLine } from '../../ledger/ledger.ts';
import { ActivityEntity } from '../entities/activity.ts';
import { AppliedEntity } from '../entities/applied.ts';
import { OrderEntity } from '../entities/order.ts';
import type { Em } from '../orm.ts';
import type { PaymentsStore } from '../payments-port.ts';
import type { OrderRow } from '../store.ts';
import { addLedgerPage } from './ledger.ts';
import { orderRow } from './order-row.ts';

const NEXT: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  PENDING: ['PAID', 'CANCELLED'],
  PAID: ['CANCELLED'],
  CANCELLED: [],
};

export async function endFormerOrder(
  em: Em,
  { orderId, to, reason, restock }: Parameters<PaymentsStore['endFormerOrder']>[0],
): Promise<OrderStatus | undefined> {
  const lockMode = LockMode.PESSIMISTIC_WRITE;
  const order = await em.findOne(OrderEntity, { orderId });
  if (order === null) return undefined;
  // The same order of locks as the writer's: what is applied, then rows.
  const { activityId, quantity } = order;
  await em.findOne(AppliedEntity, { activityId }, { lockMode });
  const locked = await em.findOne(OrderEntity, { orderId }, { lockMode, refresh: true });
  if (locked === null) return undefined;
  if (!NEXT[locked.status].includes(to)) return locked.status;
  await em.nativeUpdate(OrderEntity, { orderId }, { status: to, reason });
  const type = to === 'PAID' ? 'paid' : 'cancelled';
  const outcome = to === 'CANCELLED' && !restock ? 'former-kept' : 'former';
  await enter(em, locked, { type, reason, outcome });
  if (to === 'CANCELLED' && restock) {
    await em.execute(
      'update applied set sold = sold - ? where activity_id = ?',
      [quantity, activityId],
      'run',
    );
  }
  return to;
}

/** Under the lock of what is applied. */
async function enter(
  em: Em,
  order: Pick<OrderRow, 'activityId' | 'orderId' | 'quantity' | 'epoch' | 'seq'>,
  end: FormerEnd,
): Promise<void> {
  await addLedgerPage(em, order.activityId, [formerLine(order, end)]);
}

export async function recordLost(
  em: Em,
  { order, now }: Parameters<PaymentsStore['recordLost']>[0],
): Promise<OrderRow | undefined> {
  const { activityId, orderId } = order;
  const lockMode = LockMode.PESSIMISTIC_WRITE;
  await em.findOne(AppliedEntity, { activityId }, { lockMode });
  const activity = await em.findOne(ActivityEntity, { activityId });
  if (activity?.state !== 'CLOSED') return undefined;
  const known = await em.findOne(OrderEntity, { orderId });
  if (known !== null) return orderRow(known);
  const { price, currency, skuId, paymentWindowSeconds } = activity;
  const row = {
    ...order,
    ...{ skuId, amount: price * order.quantity, currency, status: 'CANCELLED' as const },
    ...{
      reason: 'LOST_IN_FAILURE' as const,
      payBy: order.createdAt + paymentWindowSeconds * 1_000,
    },
  };
  await em.insert(OrderEntity, { ...row, recordedAt: now });
  await enter(em, order, { type: 'cancelled', reason: row.reason, outcome: 'former' });
  return row;
}
