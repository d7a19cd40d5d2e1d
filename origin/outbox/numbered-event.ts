// What the events of outbox entries have in common.
import type { OrderEvent, OrderFacts } from '../../shared/order-event.ts';
import { orderIdOf } from '../../shared/order-id.ts';
import type { PackedOrder } from '../orders/packed-order.ts';

export interface OutboxLane {
  readonly skuId: string;
  readonly activityId: string;
  readonly currency: string;
}

/** The place of an event in its lane. */
export interface EventPlace {
  readonly epoch: number;
  readonly seq: number;
  /** Epoch ms. */
  readonly at: number;
}

export type NumberedEvent = Pick<OrderEvent, 'version' | 'activityId' | 'skuId'> & EventPlace;

export const numberedEvent = (
  { skuId, activityId }: OutboxLane,
  place: EventPlace,
): NumberedEvent => ({ version: 1, activityId, skuId, ...place });

export function orderFacts(
  { skuId, currency }: OutboxLane,
  ulid: string,
  { userId, quantity, amount, createdAt, payBy }: PackedOrder,
  state: Pick<OrderFacts, 'status' | 'reason'>,
): OrderFacts {
  const orderId = orderIdOf({ skuId, ulid });
  return { orderId, userId, quantity, amount, currency, ...state, createdAt, payBy };
}
