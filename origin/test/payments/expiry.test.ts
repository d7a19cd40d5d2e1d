// Expiry of many at once, and payments for a sale that is over and whose keys are gone.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeSaleReceipt } from '../../ledger/make-sale-receipt.ts';
import { verifySaleReceipt } from '../../ledger/sale-receipt.ts';
import { createReceipts } from '../../orders/receipts.ts';
import { ADMIN, buy, newOrderId, openSale, type Sale } from '../reserve/shop-front.ts';
import { sendSigned } from '../signature/signed-client.ts';
import { type Reserved, read, reserve, showReceipt } from './buyer.ts';
import { openTill, type Till, tell, untilPayment, WITHIN } from './till.ts';

const ORDERS = 1_000;
const SIDE_BY_SIDE = 100;
let till: Till;
let url: string;
beforeAll(async () => {
  till = await openTill();
  url = till.origin.url;
});
afterAll(() => till.close());

async function reserveMany(sale: Sale, count: number): Promise<Reserved[]> {
  const reserved: Reserved[] = [];
  while (reserved.length < count) {
    const people = Array.from({ length: SIDE_BY_SIDE }, (_, n) => `user-${reserved.length + n}`);
    reserved.push(...(await Promise.all(people.map((sub) => reserve(url, sale, sub)))));
  }
  return reserved;
}

it('a thousand orders that run out of time together are CANCELLED within 5 s', async () => {
  const sale = await openSale(url, { stock: ORDERS, paymentWindowSeconds: 5 });
  const reserved = await reserveMany(sale, ORDERS);
  const last = Math.max(...reserved.map(({ payBy }) => payBy));
  await expect
    .poll(async () => (await till.origin.rows.summary(sale.activityId)).byStatus, {
      ...{ timeout: 30_000, interval: 100 },
    })
    .toEqual({ PENDING: 0, PAID: 0, CANCELLED: ORDERS });
  expect(Date.now() - last).toBeLessThan(5_000);
});

it('an order that ran out of time twice is refused a third time, not one that was cancelled', async () => {
  const sale = await openSale(url, { stock: 10, limitPerUser: 5, paymentWindowSeconds: 1 });
  const orders = [await reserve(url, sale, 'ann'), await reserve(url, sale, 'ann')];
  for (const { orderId } of orders) {
    await expect.poll(() => read(url, orderId, 'ann'), WITHIN).toMatchObject({ reason: 'EXPIRED' });
  }
  expect(await buy(url, sale, { userId: 'ann' })).toMatchObject({
    ...{ status: 403, body: { type: '/problems/lapsed' } },
  });
});

it('a payment for an order of a sale that is over and closed goes back', async () => {
  const sale = await openSale(url, { stock: 2, paymentWindowSeconds: 1 });
  const order = await reserve(url, sale, 'ann');
  const end = { path: `/api/activities/${sale.activityId}/end`, body: '', claims: ADMIN };
  expect(await sendSigned(url, end)).toMatchObject({ status: 200 });
  await expect
    .poll(async () => (await till.origin.rows.findActivity(sale.activityId))?.state, {
      ...{ timeout: 30_000, interval: 100 },
    })
    .toBe('CLOSED');
  const told = { orderId: order.orderId, paidAt: order.payBy - 100 };
  expect(await tell(url, told)).toMatchObject({ status: 204 });
  await untilPayment(till, order.orderId, { state: 'refunded', cause: 'order-cancelled' });
  expect(await read(url, order.orderId, 'ann')).toMatchObject({
    ...{ status: 'CANCELLED', reason: 'REFUNDED' },
  });

  // An order of the sale that a failure took: its receipt still says what became of it.
  const orderId = newOrderId(sale);
  const facts = { ...sale, orderId, userId: 'bob', quantity: 1, epoch: 1, seq: 9, createdAt: 1 };
  const receipt = createReceipts(till.origin.config.RECEIPT_SECRET).sign(facts);
  for (let repeat = 0; repeat < 2; repeat += 1) {
    expect(await showReceipt(url, receipt, 'bob')).toMatchObject({
      ...{ status: 200, body: { orderId, status: 'CANCELLED', reason: 'LOST_IN_FAILURE' } },
    });
  }
  expect(await read(url, orderId, 'bob')).toMatchObject({
    reason: 'LOST_IN_FAILURE',
    persisted: true,
  });
  const made = await makeSaleReceipt(till.origin.rows, sale.activityId);
  if (made === undefined) throw new Error('a sale has a receipt');
  expect(made.totals).toMatchObject({ sold: 0, free: 2 });
  expect(await verifySaleReceipt(made)).toMatchObject({ kind: 'whole' });
});
