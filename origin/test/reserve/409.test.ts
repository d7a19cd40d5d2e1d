import { afterAll, beforeAll, expect, it } from 'vitest';
import { type EmbeddedOrigin, startEmbeddedOrigin } from './embedded-origin.ts';
import { buy, createSale, newOrderId, openSale, SOON } from './shop-front.ts';

let origin: EmbeddedOrigin;
beforeAll(async () => {
  origin = await startEmbeddedOrigin();
});
afterAll(() => origin.close());

it('limit-reached tells the limit and the orders that fill it', async () => {
  const sale = await openSale(origin.url, { limitPerUser: 2 });
  const first = await buy(origin.url, sale, { userId: 'ann' });
  const second = await buy(origin.url, sale, { userId: 'ann' });
  const third = () => buy(origin.url, sale, { userId: 'ann' });
  expect(await third()).toMatchObject({
    status: 409,
    body: { type: '/problems/limit-reached', status: 409, limit: 2, orders: expect.any(Array) },
  });
  const orders = async () => (await third()).body.orders;
  await expect
    .poll(orders, SOON)
    .toEqual(expect.arrayContaining([first.body.orderId, second.body.orderId]));
  expect(await orders()).toHaveLength(2);
});

it('limit-reached too for a quantity that alone is above the limit', async () => {
  const sale = await openSale(origin.url, { limitPerUser: 2 });
  const answer = await buy(origin.url, sale, { userId: 'ann', quantity: 3 });
  expect(answer).toMatchObject({ status: 409, body: { limit: 2, orders: [] } });
});

it('sold-out for whoever comes late, while buyers keep their answer', async () => {
  const sale = await openSale(origin.url, { stock: 2 });
  const orderId = newOrderId(sale);
  const bought = await buy(origin.url, sale, { userId: 'ann', orderId });
  expect((await buy(origin.url, sale, { userId: 'bob' })).status).toBe(201);
  expect(await buy(origin.url, sale, { userId: 'cid' })).toMatchObject({
    status: 409,
    body: { type: '/problems/sold-out', unitsMayReturn: true },
  });
  const repeat = await buy(origin.url, sale, { userId: 'ann', orderId });
  const { ledgerHead: _, ...told } = bought.body;
  expect(repeat).toMatchObject({ status: 201, body: told });
});

it('sold-out for good where the units that are held would return behind the end', async () => {
  const endAt = new Date(Date.now() + 300_000).toISOString();
  const sale = await openSale(origin.url, { stock: 1, endAt, paymentWindowSeconds: 900 });
  expect((await buy(origin.url, sale, { userId: 'ann' })).status).toBe(201);
  expect(await buy(origin.url, sale, { userId: 'bob' })).toMatchObject({
    status: 409,
    body: { type: '/problems/sold-out', unitsMayReturn: false },
  });
});

it('sold-out to a quantity that is not left, while a smaller one is sold', async () => {
  const sale = await openSale(origin.url, { stock: 2, limitPerUser: 3 });
  const answer = await buy(origin.url, sale, { userId: 'ann', quantity: 3 });
  expect(answer.body.type).toBe('/problems/sold-out');
  expect((await buy(origin.url, sale, { userId: 'ann', quantity: 2 })).status).toBe(201);
});

it('not-open before the start, with the moment of the start and of the answer', async () => {
  const startAt = new Date(Date.now() + 300_000).toISOString();
  const sale = await openSale(origin.url, { startAt });
  const answer = await buy(origin.url, sale, { userId: 'ann' });
  expect(answer).toMatchObject({
    status: 409,
    body: { type: '/problems/not-open', opensAt: startAt },
  });
  const serverTime = Date.parse(String(answer.body.serverTime));
  expect(Math.abs(Date.now() - serverTime)).toBeLessThan(5_000);
});

it('ended at the end, while an order that exists is still answered', async () => {
  const endAt = new Date(Date.now() + 6_000).toISOString();
  const sale = await openSale(origin.url, { endAt, stock: 1_000 });
  const orderId = newOrderId(sale);
  const bought = await buy(origin.url, sale, { userId: 'ann', orderId });
  expect(bought.status).toBe(201);
  let lastName = 0;
  const late = async () => {
    lastName += 1;
    return (await buy(origin.url, sale, { userId: `late-${lastName}` })).body.type;
  };
  await expect.poll(late, SOON).toBe('/problems/ended');
  const repeat = await buy(origin.url, sale, { userId: 'ann', orderId });
  const { ledgerHead: _, ...told } = bought.body;
  expect(repeat).toMatchObject({ status: 201, body: told });
});

it('overlap for a second sale of the same item at the same time', async () => {
  const { skuId } = await openSale(origin.url);
  await expect(createSale(origin.url, { skuId })).rejects.toThrow();
});
