// An order of an activity that is over, and whose keys in Redis are gone: the row is all there is.
import { LockMode } from '@mikro-orm/core';
import type { OrderStatus } from '../../../shared/words.ts';
import { AppliedEntity } from '../entities/applied.ts';
import { OrderEntity } from '../entities/order.ts';
import type { Em } from '../orm.ts';
import type { PaymentsStore } from '../payments-port.ts';

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
  if (to === 'CANCELLED' && restock) {
    await em.execute(
      'update applied set sold = sold - ? where activity_id = ?',
      [quantity, activityId],
      'run',
    );
  }
  return to;
}
