import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { CancelReason, OrderStatus } from '../../../shared/words.ts';

export const OrderEntity = defineEntity({
  name: 'Order',
  tableName: 'orders',
  properties: {
    orderId: p.string().length(64).primary(),
    activityId: p.string().length(64),
    skuId: p.string().length(32),
    userId: p.string().length(128),
    quantity: p.integer(),
    amount: p.bigint('number'),
    currency: p.string().length(3),
    status: p.string().length(16).$type<OrderStatus>(),
    reason: p.string().length(32).$type<CancelReason>().nullable(),
    /** The number of the reservation that the row stands for. */
    epoch: p.bigint('number'),
    seq: p.bigint('number'),
    createdAt: p.bigint('number'),
    payBy: p.bigint('number'),
    recordedAt: p.bigint('number'),
  },
});

export type OrderRecord = InferEntity<typeof OrderEntity>;
