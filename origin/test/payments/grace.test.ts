// The gateway stays away for longer than orders may keep their units behind payBy.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buy, openSale } from '../reserve/shop-front.ts';
import { payAtPage, read, reserve } from './buyer.ts';
import { openTill, type Till, tell, untilPayment, WITHIN } from './till.ts';

const GRACE_SECONDS = 4;
let till: Till;
beforeAll(async () => {
  till = await openTill({ PAYMENT_GRACE_SECONDS: String(GRACE_SECONDS) });
});
afterAll(() => till.close());

it('then units go; who had paid in time takes a free one again, else has the money back', async () => {
  const { url } = till.origin;
  const sale = await openSale(url, { stock: 2, paymentWindowSeconds: 6 });
  await till.switch({ dropCallbacks: true });
  const [ann, bob] = [await reserve(url, sale, 'ann'), await reserve(url, sale, 'bob')];
  for (const order of [ann, bob]) expect(await payAtPage(order.paymentUrl)).toBe(303);
  await till.switch({ dropCallbacks: true, away: true });

  const statusOf = async (orderId: string, sub: string) => (await read(url, orderId, sub)).status;
  const expiredAt: number[] = [];
  for (const [order, sub] of [
    [ann, 'ann'],
    [bob, 'bob'],
  ] as const) {
    await expect.poll(() => statusOf(order.orderId, sub), WITHIN).toBe('CANCELLED');
    expiredAt.push(Date.now());
    expect(Math.max(...expiredAt)).toBeGreaterThanOrEqual(order.payBy + GRACE_SECONDS * 1_000);
  }
  const other = await buy(url, sale, { userId: 'eve' });
  expect(other.status).toBe(201);
  // Her unit is not for sale again, however long the others take.
  const { orderId } = other.body;
  await expect.poll(async () => (await tell(url, { orderId })).status, WITHIN).toBe(204);

  // The gateway is back and tells of both payments: one unit is left.
  await till.switch({});
  const ends = async () =>
    [await statusOf(ann.orderId, 'ann'), await statusOf(bob.orderId, 'bob')].sort();
  await expect.poll(ends, WITHIN).toEqual(['CANCELLED', 'PAID']);
  const isPaid = (await statusOf(ann.orderId, 'ann')) === 'PAID';
  const [kept, returned] = isPaid ? [ann, bob] : [bob, ann];
  await untilPayment(till, kept.orderId, { state: 'applied' });
  await untilPayment(till, returned.orderId, { state: 'refunded', cause: 'no-unit' });
  expect(await read(url, String(orderId), 'eve')).toMatchObject({ status: 'PAID' });
});
