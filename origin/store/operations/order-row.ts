import type { OrderRecord } from '../entities/order.ts';
import type { OrderRow } from '../store.ts';

export function orderRow(record: OrderRecord): OrderRow {
  const { orderId, activityId, skuId, userId, quantity, amount, currency } = record;
  const { status, reason, epoch, seq, createdAt, payBy } = record;
  return {
    ...{ orderId, activityId, skuId, userId, quantity, amount, currency },
    ...{ status, reason: reason ?? null, epoch, seq, createdAt, payBy },
  };
}
