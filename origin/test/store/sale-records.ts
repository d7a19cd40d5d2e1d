// Records of one sale, as a log would hold them.
import type { OrderEvent, OrderEventType, OrderFacts } from '../../../shared/order-event.ts';
import type { LogRecord } from '../../store/store.ts';

/** Order `n` of the SKU: the same number is the same order. */
export const orderId = (skuId: string, n: number) => `${skuId}-01${String(n).padStart(24, '0')}`;

export function recordsOf({ activityId, skuId }: { activityId: string; skuId: string }) {
  type Place = { epoch?: number; seq: number };
  const wrap = (event: OrderEvent): LogRecord => ({
    kind: 'event',
    position: `test/${event.epoch}-${event.seq}`,
    event,
  });
  const eventOf = (type: OrderEventType, { epoch = 1, seq }: Place): OrderEvent => ({
    ...{ version: 1, type, activityId, skuId, epoch, seq, at: 6_000 },
  });
  const orderOf = (n: number, changes: Partial<OrderFacts> = {}): OrderFacts => ({
    ...{ orderId: orderId(skuId, n), userId: `user-${n}`, quantity: 1, amount: 500 },
    ...{ currency: 'EUR', status: 'PENDING', createdAt: 6_000, payBy: 906_000 },
    ...changes,
  });
  const order = (
    type: 'reserved' | 'paid' | 'cancelled',
    { n, ...place }: Place & { n: number },
    changes: Partial<OrderFacts> = {},
  ) => wrap({ ...eventOf(type, place), order: orderOf(n, changes) });
  return {
    reserved: (place: Place & { n: number }, changes: Partial<OrderFacts> = {}) =>
      order('reserved', place, changes),
    paid: (place: Place & { n: number }) => order('paid', place, { status: 'PAID' }),
    cancelled: (place: Place & { n: number }, changes: Partial<OrderFacts> = {}) => {
      const cancelled = { status: 'CANCELLED', reason: 'CANCELLED_BY_BUYER' } as const;
      return order('cancelled', place, { ...cancelled, ...changes });
    },
    /** A cancellation that gives no unit back. */
    voided: ({ n, ...place }: Place & { n: number }) => {
      const facts = orderOf(n, { status: 'CANCELLED', reason: 'REFUNDED' });
      return wrap({ ...eventOf('cancelled', place), order: facts, restock: false });
    },
    adjusted: (place: Place & { stock: number }) =>
      wrap({ ...eventOf('adjusted', place), stock: place.stock }),
    epoch: (epoch: number) => wrap(eventOf('epoch', { epoch, seq: 0 })),
    id: (n: number) => orderId(skuId, n),
  };
}
