import { afterAll, beforeAll, expect, it } from 'vitest';
import { createReceipts } from '../../orders/receipts.ts';
import { type EmbeddedOrigin, startEmbeddedOrigin } from './embedded-origin.ts';
import { buy, newOrderId, openSale, type Sale, SOON, statusOf } from './shop-front.ts';

let origin: EmbeddedOrigin;
let sale: Sale;
beforeAll(async () => {
  origin = await startEmbeddedOrigin();
  sale = await openSale(origin.url, { stock: 50, limitPerUser: 3, paymentWindowSeconds: 60 });
});
afterAll(() => origin.close());

it('answers a first purchase with the order, to be paid within the payment window', async () => {
  const orderId = newOrderId(sale);
  const before = Date.now();
  const { status, headers, body } = await buy(origin.url, sale, {
    userId: 'eve',
    orderId,
    quantity: 2,
  });
  expect(status).toBe(201);
  expect(headers.get('content-type')).toMatch(/^application\/json/);
  expect(headers.get('x-request-id')).toMatch(/^[\w-]{8,64}$/);
  expect(body).toEqual({
    state: 'RESERVED',
    orderId,
    skuId: sale.skuId,
    status: 'PENDING',
    quantity: 2,
    amount: 5_000,
    currency: 'EUR',
    payBy: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    receipt: expect.any(String),
    ledgerHead: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  const payBy = Date.parse(String(body.payBy));
  expect(payBy).toBeGreaterThanOrEqual(before + 60_000);
  expect(payBy).toBeLessThanOrEqual(Date.now() + 60_000);
});

it('hands out a receipt that says what was sold, under which number', async () => {
  const { body } = await buy(origin.url, sale, { userId: 'iris' });
  const receipts = createReceipts(origin.config.RECEIPT_SECRET);
  expect(receipts.read(String(body.receipt))).toEqual({
    orderId: body.orderId,
    activityId: sale.activityId,
    userId: 'iris',
    quantity: 1,
    epoch: 1,
    seq: expect.any(Number),
    createdAt: Date.parse(String(body.payBy)) - 60_000,
  });
});

it('answers every repeat of an order id the same and sells nothing more', async () => {
  const purchase = { userId: 'uma', orderId: newOrderId(sale), quantity: 1 };
  const first = await buy(origin.url, sale, purchase);
  const repeats = await Promise.all(
    Array.from({ length: 20 }, () => buy(origin.url, sale, purchase)),
  );
  // The ledger goes on when the writer does.
  const { ledgerHead: _, ...body } = first.body;
  for (const repeat of repeats) expect(repeat).toMatchObject({ status: 201, body });

  const other = await buy(origin.url, sale, { ...purchase, quantity: 3 });
  expect(other).toMatchObject({ status: 201, body });
  const more = await buy(origin.url, sale, { userId: 'uma', quantity: 2 });
  expect(more.status).toBe(201);
});

it('has its row, exactly one, within two seconds', async () => {
  const took: number[] = [];
  // A machine may be busy with other work for a moment, a writer that is late is late each time.
  for (const userId of ['ola', 'ole', 'oli']) {
    const { body } = await buy(origin.url, sale, { userId });
    const boughtAt = performance.now();
    const persisted = async () =>
      (await statusOf(origin.url, body.orderId, { sub: userId })).body.persisted;
    await expect.poll(persisted, { ...SOON, interval: 20 }).toBe(true);
    took.push(performance.now() - boughtAt);
    expect(await origin.rows.findOrder(String(body.orderId))).toMatchObject({
      orderId: body.orderId,
      userId,
      status: 'PENDING',
      amount: 2_500,
      payBy: Date.parse(String(body.payBy)),
    });
  }
  expect(Math.min(...took)).toBeLessThan(2_000);
});

it('sells again under a new order id, up to the limit', async () => {
  for (const _ of [1, 2, 3]) {
    expect((await buy(origin.url, sale, { userId: 'ina' })).status).toBe(201);
  }
  expect((await buy(origin.url, sale, { userId: 'ina' })).status).toBe(409);
});

it('counts users of long names apart, though keys hold only a hash of them', async () => {
  const names = [`${'x'.repeat(127)}1`, `${'x'.repeat(127)}2`];
  for (const userId of names) {
    const bought = await buy(origin.url, sale, { userId, quantity: 3 });
    expect(bought.status).toBe(201);
    const more = await buy(origin.url, sale, { userId });
    expect(more).toMatchObject({ status: 409, body: { type: '/problems/limit-reached' } });
  }
});

it('keeps what has its answer known when the same id comes from somebody else', async () => {
  const orderId = newOrderId(sale);
  await buy(origin.url, sale, { userId: 'amy', orderId });
  const foreign = await buy(origin.url, sale, { userId: 'bob', orderId });
  expect(foreign).toMatchObject({ status: 404, body: { type: '/problems/unknown-order' } });
  expect(foreign.body).not.toHaveProperty('showReceipt');
  await expect.poll(async () => (await origin.rows.findOrder(orderId))?.userId, SOON).toBe('amy');
});
