// Payments against time, failures and second thoughts: nobody who paid in time loses the unit, nobody
// pays twice, and what does not pay for an order goes back.
import { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { edgeKeys } from '../../../shared/keys.ts';
import { buy, openSale, type Sale, SOON } from '../reserve/shop-front.ts';
import { cancel, payAtPage, read, reserve } from './buyer.ts';
import { openTill, type Till, tell, untilPayment, WITHIN } from './till.ts';

let till: Till;
beforeEach(async () => {
  till = await openTill();
});
afterEach(() => till.close());

const until = (orderId: string, sub: string, expected: Readonly<Record<string, unknown>>) =>
  expect.poll(() => read(till.origin.url, orderId, sub), WITHIN).toMatchObject(expected);
const behind = (moment: number) => expect.poll(Date.now, WITHIN).toBeGreaterThan(moment + 50);

it('pays at the page before payBy: PAID, and the link is gone', async () => {
  const { url } = till.origin;
  const sale = await openSale(url, { stock: 1 });
  const order = await reserve(url, sale, 'ann');
  expect(await read(url, order.orderId, 'ann')).toMatchObject({ paymentUrl: order.paymentUrl });
  expect(await payAtPage(order.paymentUrl)).toBe(303);
  await until(order.orderId, 'ann', { status: 'PAID', persisted: true });
  expect(await payAtPage(order.paymentUrl)).toBe(409);
  await untilPayment(till, order.orderId, { state: 'applied' });
});

it('declines at the page: the order stays PENDING and can be paid', async () => {
  const { url } = till.origin;
  const order = await reserve(url, await openSale(url), 'ann');
  expect(await payAtPage(order.paymentUrl, 'decline')).toBe(303);
  await untilPayment(till, order.orderId, { state: 'failed' });
  expect(await read(url, order.orderId, 'ann')).toMatchObject({ status: 'PENDING' });
  expect(await payAtPage(order.paymentUrl)).toBe(303);
  await until(order.orderId, 'ann', { status: 'PAID' });
});

it('is CANCELLED, EXPIRED within 5 s of payBy, its unit is for sale, and it cannot be paid', async () => {
  const { url } = till.origin;
  const sale = await openSale(url, { stock: 1, paymentWindowSeconds: 1 });
  const order = await reserve(url, sale, 'ann');
  await until(order.orderId, 'ann', { status: 'CANCELLED', reason: 'EXPIRED', persisted: true });
  expect(Date.now() - order.payBy).toBeLessThan(5_000);
  expect(await payAtPage(order.paymentUrl)).toBe(410);
  await expect.poll(async () => (await buy(url, sale, { userId: 'bob' })).status, SOON).toBe(201);
});

it('finds a payment whose callback never came, before the order would expire', async () => {
  const { url } = till.origin;
  const sale = await openSale(url, { stock: 1, paymentWindowSeconds: 4 });
  await till.switch({ dropCallbacks: true });
  const order = await reserve(url, sale, 'ann');
  expect(await payAtPage(order.paymentUrl)).toBe(303);
  await behind(order.payBy);
  await until(order.orderId, 'ann', { status: 'PAID' });
  expect(till.callbacks()).toBe(0);
  await untilPayment(till, order.orderId, { state: 'applied' });
});

it('hears each callback twice and late, and keeps one payment', async () => {
  const { url } = till.origin;
  const sale = await openSale(url, { stock: 1, paymentWindowSeconds: 4 });
  await till.switch({ duplicateCallbacks: true, delayCallbacksMs: 5_500 });
  const order = await reserve(url, sale, 'ann');
  expect(await payAtPage(order.paymentUrl)).toBe(303);
  await until(order.orderId, 'ann', { status: 'PAID' });
  await expect.poll(() => till.callbacks(), WITHIN).toBe(2);
  expect(await till.origin.rows.paymentsOfOrders([order.orderId])).toHaveLength(1);
  expect(await read(url, order.orderId, 'ann')).toMatchObject({ status: 'PAID' });
});

it('keeps the unit of whoever paid in time while the gateway is away', async () => {
  const { url } = till.origin;
  const sale = await openSale(url, { stock: 2, paymentWindowSeconds: 4 });
  await till.switch({ dropCallbacks: true });
  const [paid, unpaid] = [await reserve(url, sale, 'ann'), await reserve(url, sale, 'bob')];
  expect(await payAtPage(paid.paymentUrl)).toBe(303);
  await till.switch({ dropCallbacks: true, away: true });
  await behind(unpaid.payBy + 2_000);
  for (const [order, sub] of [
    [paid, 'ann'],
    [unpaid, 'bob'],
  ] as const) {
    expect(await read(url, order.orderId, sub)).toMatchObject({ status: 'PENDING' });
  }
  expect(await buy(url, sale, { userId: 'eve' })).toMatchObject({ status: 409 });
  await till.switch({ dropCallbacks: true });
  await until(paid.orderId, 'ann', { status: 'PAID' });
  await until(unpaid.orderId, 'bob', { status: 'CANCELLED', reason: 'EXPIRED' });
});

it('a callback behind payBy of a payment in time takes the unit again if it is free', async () => {
  const { url } = till.origin;
  const sale = await openSale(url, { stock: 1, paymentWindowSeconds: 1 });
  const order = await reserve(url, sale, 'ann');
  await until(order.orderId, 'ann', { status: 'CANCELLED', reason: 'EXPIRED' });
  const told = { orderId: order.orderId, paidAt: order.payBy - 200 };
  expect(await tell(url, told)).toMatchObject({ status: 204 });
  await until(order.orderId, 'ann', { status: 'PAID' });
  await untilPayment(till, order.orderId, { state: 'applied' });
  expect(await buy(url, sale, { userId: 'bob' })).toMatchObject({ status: 409 });
});

it('without a free unit it goes back, and the buyer is told', async () => {
  const { url } = till.origin;
  const sale = await openSale(url, { stock: 1, paymentWindowSeconds: 4 });
  const order = await reserve(url, sale, 'ann');
  await until(order.orderId, 'ann', { status: 'CANCELLED' });
  const other = await reserve(url, sale, 'bob');
  expect(await tell(url, { orderId: other.orderId })).toMatchObject({ status: 204 });
  const told = { orderId: order.orderId, paidAt: order.payBy - 200 };
  expect(await tell(url, told)).toMatchObject({ status: 204 });
  await untilPayment(till, order.orderId, { state: 'refunded', cause: 'no-unit' });
  await until(order.orderId, 'ann', { status: 'CANCELLED', reason: 'REFUNDED' });
});

it('paid too late it takes a unit where one is free and nobody waits', async () => {
  const { url } = till.origin;
  const sale = await openSale(url, { stock: 1, paymentWindowSeconds: 1 });
  const order = await reserve(url, sale, 'ann');
  await behind(order.payBy);
  expect(await tell(url, { orderId: order.orderId })).toMatchObject({ status: 204 });
  await until(order.orderId, 'ann', { status: 'PAID' });
});

/** So many people have a place in line whose turn is not soon. */
async function crowd({ skuId }: Sale, people: number): Promise<void> {
  const { REDIS_HOST: host, REDIS_PORT: port } = till.origin.config;
  const redis = new Redis({ host, port, maxRetriesPerRequest: 1 });
  const waiting = async () => {
    // Again each time: the line may be opened only now.
    await redis.set(edgeKeys.tokenBucket(skuId), -people, 'KEEPTTL');
    return JSON.parse((await redis.get(edgeKeys.saleStatus(skuId))) ?? '{}');
  };
  await expect.poll(waiting, WITHIN).toMatchObject({ waiting: expect.toSatisfy((n) => n > 0) });
  redis.disconnect();
}

it('paid too late while people wait it goes back, and the unit is theirs', async () => {
  const { url } = till.origin;
  const sale = await openSale(url, { stock: 1, paymentWindowSeconds: 1, ratePerSecond: 1 });
  const order = await reserve(url, sale, 'ann');
  await behind(order.payBy);
  await crowd(sale, 10_000);
  expect(await tell(url, { orderId: order.orderId })).toMatchObject({ status: 204 });
  await untilPayment(till, order.orderId, { state: 'refunded', cause: 'no-unit' });
  await until(order.orderId, 'ann', { status: 'CANCELLED', reason: 'REFUNDED' });
  await expect.poll(async () => (await buy(url, sale, { userId: 'bob' })).status, SOON).toBe(201);
});

it('paid in time it takes its unit again, however many wait', async () => {
  const { url } = till.origin;
  const sale = await openSale(url, { stock: 1, paymentWindowSeconds: 1, ratePerSecond: 1 });
  const order = await reserve(url, sale, 'ann');
  await until(order.orderId, 'ann', { status: 'CANCELLED', reason: 'EXPIRED' });
  await crowd(sale, 10_000);
  const told = { orderId: order.orderId, paidAt: order.payBy };
  expect(await tell(url, told)).toMatchObject({ status: 204 });
  await until(order.orderId, 'ann', { status: 'PAID' });
});

it.each([
  ['the moment before payBy', -1, { status: 'PAID' }],
  ['payBy itself', 0, { status: 'PAID' }],
  ['the moment behind payBy, with a unit of its own still held', 1, { status: 'PAID' }],
])('paid at %s, told before the order expires', async (_when, offsetMs, expected) => {
  const { url } = till.origin;
  const sale = await openSale(url, { stock: 1, paymentWindowSeconds: 600 });
  const order = await reserve(url, sale, 'ann');
  const told = { orderId: order.orderId, paidAt: order.payBy + offsetMs };
  expect(await tell(url, told)).toMatchObject({ status: 204 });
  await until(order.orderId, 'ann', expected);
  await untilPayment(till, order.orderId, { state: 'applied' });
});

it('a payment for an order that its buyer cancelled goes back; REFUND_DUE while it is due', async () => {
  const { url } = till.origin;
  const order = await reserve(url, await openSale(url), 'ann');
  expect(await cancel(url, order.orderId, 'ann')).toMatchObject({ status: 200 });
  await till.switch({ away: true });
  expect(await tell(url, { orderId: order.orderId })).toMatchObject({ status: 204 });
  await untilPayment(till, order.orderId, { state: 'refund-due', cause: 'order-cancelled' });
  await until(order.orderId, 'ann', { status: 'CANCELLED', reason: 'REFUND_DUE' });
  await till.switch({});
  await untilPayment(till, order.orderId, { state: 'refunded' });
  await until(order.orderId, 'ann', { status: 'CANCELLED', reason: 'REFUNDED' });
});

it('a gateway that took another amount than the order says pays for nothing and gives it back', async () => {
  const { url } = till.origin;
  await till.switch({ wrongAmount: true });
  const sale = await openSale(url, { stock: 1, paymentWindowSeconds: 4 });
  const order = await reserve(url, sale, 'ann');
  expect(await payAtPage(order.paymentUrl)).toBe(303);
  await expect.poll(() => till.callbacks(), WITHIN).toBe(1);
  expect(await read(url, order.orderId, 'ann')).toMatchObject({ status: 'PENDING' });
  // Its books have the right amount: the order is paid for when they are read.
  await behind(order.payBy);
  await until(order.orderId, 'ann', { status: 'PAID' });
});
