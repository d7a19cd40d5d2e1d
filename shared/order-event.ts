// What happens to a SKU's units, one record per event: the value of the order log
// (Kafka topic `seckill-orders`; on the embedded stack the outbox itself).
import * as v from 'valibot';
import { CANCEL_REASONS, ORDER_STATUSES } from './words.ts';

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

export const orderFactsSchema = v.object({
  orderId: v.string(),
  userId: v.string(),
  quantity: count,
  amount: count,
  currency: v.string(),
  status: v.picklist(ORDER_STATUSES),
  reason: v.optional(v.picklist(CANCEL_REASONS)),
  createdAt: count,
  payBy: count,
});

export const orderEventSchema = v.object({
  version: v.literal(1),
  type: v.picklist(['reserved', 'paid', 'cancelled', 'adjusted', 'epoch']),
  activityId: v.string(),
  skuId: v.string(),
  epoch: count,
  /** Gapless within an epoch from 1; the `epoch` event itself is number 0 of the epoch it opens. */
  seq: count,
  /** Epoch ms, the inventory Redis's clock. */
  at: count,
  order: v.optional(orderFactsSchema),
  /** Of `cancelled`: false where the units do not return to the stock; they stay counted as sold. */
  restock: v.optional(v.boolean()),
  /** The wanted total, of `adjusted`. */
  stock: v.optional(count),
});

export type OrderFacts = v.InferOutput<typeof orderFactsSchema>;
export type OrderEvent = v.InferOutput<typeof orderEventSchema>;
export type OrderEventType = OrderEvent['type'];
