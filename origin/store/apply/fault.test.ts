import fc from 'fast-check';
import * as v from 'valibot';
import { expect, it } from 'vitest';
import { type OrderEvent, type OrderFacts, orderEventSchema } from '../../../shared/order-event.ts';
import { faultOf, isPlainReservation } from './fault.ts';

const order: OrderFacts = {
  ...{ orderId: `sku-01${'0'.repeat(24)}`, userId: 'ada', quantity: 1, amount: 5 },
  ...{ currency: 'EUR', status: 'PENDING', createdAt: 1, payBy: 2 },
};
const event: OrderEvent = {
  ...{ version: 1, type: 'reserved', activityId: 'a', skuId: 'sku', epoch: 1, seq: 1, at: 1 },
  order,
};
const withOrder = (changes: Partial<OrderFacts>): OrderEvent => ({
  ...event,
  order: { ...order, ...changes },
});
const { order: _order, ...bare } = event;

it.each<[string, OrderEvent]>([
  ['a reservation', event],
  ['a payment', { ...withOrder({ status: 'PAID' }), type: 'paid' }],
  ['a cancellation', { ...withOrder({ reason: 'EXPIRED' }), type: 'cancelled' }],
  ['an adjustment', { ...bare, type: 'adjusted', stock: 0 }],
  ['an epoch', { ...bare, type: 'epoch', seq: 0 }],
])('finds no fault with %s', (_what, good) => {
  expect(faultOf(good)).toBeUndefined();
});

it.each<[string, OrderEvent]>([
  ['no order', bare],
  ['no order id', withOrder({ orderId: 'sku-1' })],
  ["another SKU's order", withOrder({ orderId: order.orderId.replace('sku', 'other') })],
  ['a user id that no token carries', withOrder({ userId: 'a b' })],
  ['a user id too long', withOrder({ userId: 'a'.repeat(129) })],
  ['no units', withOrder({ quantity: 0 })],
  ['too many units', withOrder({ quantity: 2 ** 31 })],
  ['half a cent', withOrder({ amount: 0.5 })],
  ['a number that is none', withOrder({ payBy: Number.NaN })],
  ['no currency', withOrder({ currency: 'EURO' })],
  ['a cancellation without reason', { ...event, type: 'cancelled' }],
  ['an adjustment without stock', { ...bare, type: 'adjusted' }],
  ['a SKU id of another form', { ...bare, type: 'epoch', skuId: 'a-b' }],
  ['an activity id too long', { ...bare, type: 'epoch', activityId: 'a'.repeat(65) }],
  ['a negative number', { ...event, seq: -1 }],
])('finds fault with %s', (_what, bad) => {
  expect(faultOf(bad)).toEqual(expect.any(String));
});

it('knows a reservation by its looks', () => {
  expect(isPlainReservation(event)).toBe(true);
});

it('takes nothing for a plain reservation that the schema would refuse', () => {
  const odd = fc.oneof(
    fc.anything(),
    fc.constantFrom(undefined, null, -1, -0, 0.5, Number.NaN, 2 ** 53, '1', 1n, [], {}, [1]),
  );
  const fields = fc.constantFrom(...Object.keys(event), 'restock', 'stock');
  const facts = fc.constantFrom(...Object.keys(order), 'reason');
  const change = fc.oneof(
    fc.tuple(fields, odd).map(([field, value]) => ({ ...event, [field]: value })),
    fc.tuple(facts, odd).map(([fact, value]) => ({ ...event, order: { ...order, [fact]: value } })),
  );
  fc.assert(
    fc.property(change, (changed) => {
      if (!isPlainReservation(changed)) return;
      expect(v.safeParse(orderEventSchema, changed).success).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});
