// Cancelling, showing receipts and refunding, and whose right that is.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createReceipts } from '../../orders/receipts.ts';
import { payLink } from '../../payments/link.ts';
import { ADMIN, buy, newOrderId, openSale, SOON, statusOf } from '../reserve/shop-front.ts';
import { sendSigned } from '../signature/signed-client.ts';
import { cancel, payAtPage, read, refund, reserve, showReceipt } from './buyer.ts';
import { GATEWAY_SECRET, openTill, type Till, tell, untilPayment, WITHIN } from './till.ts';

let till: Till;
let url: string;
beforeAll(async () => {
  till = await openTill();
  url = till.origin.url;
});
afterAll(() => till.close());

/** What a 201 of an epoch gave that nobody remembers. */
const lost = async (terms: Readonly<Record<string, unknown>>, createdAt = Date.now()) => {
  const sale = await openSale(url, terms);
  const orderId = newOrderId(sale);
  const { activityId } = sale;
  const facts = { orderId, activityId, userId: 'ann', quantity: 1, epoch: 0, seq: 7, createdAt };
  const receipt = createReceipts(till.origin.config.RECEIPT_SECRET).sign(facts);
  return { sale, orderId, receipt };
};

describe('cancel', () => {
  it('ends the order, its unit is for sale, the link pays no longer; a repeat is the same', async () => {
    const sale = await openSale(url, { stock: 1 });
    const order = await reserve(url, sale, 'ann');
    for (let repeat = 0; repeat < 3; repeat += 1) {
      const answer = await cancel(url, order.orderId, 'ann');
      expect(answer).toMatchObject({
        status: 200,
        body: { orderId: order.orderId, status: 'CANCELLED', reason: 'CANCELLED_BY_BUYER' },
      });
      expect(answer.body).not.toHaveProperty('paymentUrl');
    }
    expect(await payAtPage(order.paymentUrl)).toBe(410);
    await expect.poll(async () => (await buy(url, sale, { userId: 'bob' })).status, SOON).toBe(201);
    const shown = await read(url, order.orderId, 'ann');
    expect(shown).toMatchObject({ reason: 'CANCELLED_BY_BUYER', persisted: true });
  });

  it('of a paid order is 409, also where only the gateway knows that it is paid', async () => {
    const sale = await openSale(url);
    const [told, untold] = [await reserve(url, sale, 'ann'), await reserve(url, sale, 'bob')];
    await tell(url, { orderId: told.orderId });
    await till.switch({ dropCallbacks: true });
    expect(await payAtPage(untold.paymentUrl)).toBe(303);
    for (const [order, sub] of [
      [told, 'ann'],
      [untold, 'bob'],
    ] as const) {
      expect(await cancel(url, order.orderId, sub)).toMatchObject({
        status: 409,
        body: { type: '/problems/already-paid' },
      });
      expect(await read(url, order.orderId, sub)).toMatchObject({ status: 'PAID' });
    }
    await till.switch({});
  });

  it('is 503 while the gateway is away: it may be paid this moment', async () => {
    const order = await reserve(url, await openSale(url), 'ann');
    await till.switch({ away: true });
    expect(await cancel(url, order.orderId, 'ann')).toMatchObject({ status: 503 });
    expect(await read(url, order.orderId, 'ann')).toMatchObject({ status: 'PENDING' });
    await till.switch({});
    expect(await cancel(url, order.orderId, 'ann')).toMatchObject({ status: 200 });
  });

  it('is for the owner alone: to everybody else there is no such order', async () => {
    const sale = await openSale(url);
    const order = await reserve(url, sale, 'ann');
    const path = `/api/orders/${order.orderId}/cancel`;
    const unknown = { status: 404, body: { type: '/problems/unknown-order' } };
    for (const claims of [{ sub: 'bob' }, ADMIN, {}]) {
      expect(await sendSigned(url, { method: 'POST', path, claims })).toMatchObject(unknown);
    }
    expect(await cancel(url, newOrderId(sale), 'ann')).toMatchObject(unknown);
    expect(await cancel(url, 'x', 'ann')).toMatchObject(unknown);
    expect(await read(url, order.orderId, 'ann')).toMatchObject({ status: 'PENDING' });
  });

  it('takes no members, and no other method', async () => {
    const path = `/api/orders/${newOrderId({ skuId: 'a' })}/cancel`;
    const claims = { sub: 'ann' };
    expect(await sendSigned(url, { path, body: '{"why":1}', claims })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/why', code: 'unknown' }] },
    });
    expect(await sendSigned(url, { path, claims })).toMatchObject({ status: 405 });
  });
});

describe('a receipt', () => {
  it('of an order that is known shows its status', async () => {
    const order = await reserve(url, await openSale(url), 'ann');
    expect(await showReceipt(url, order.receipt, 'ann')).toMatchObject({
      status: 200,
      body: { orderId: order.orderId, status: 'PENDING', paymentUrl: order.paymentUrl },
    });
  });

  it("of somebody else is nobody's order; one that is not ours is 400", async () => {
    const order = await reserve(url, await openSale(url), 'ann');
    expect(await showReceipt(url, order.receipt, 'bob')).toMatchObject({ status: 404 });
    for (const text of ['x', '1.e30.e30', `${order.receipt.slice(0, -2)}AA`]) {
      expect(await showReceipt(url, text, 'ann')).toMatchObject({
        status: 400,
        body: { type: '/problems/malformed', errors: [{ pointer: '/receipt' }] },
      });
    }
    expect(await sendSigned(url, { path: '/api/receipts', body: '{}', claims: {} })).toMatchObject({
      status: 400,
    });
  });

  it('of an order that a failure lost reserves it again under its id', async () => {
    const { sale, orderId, receipt } = await lost({ stock: 1 });
    const asked = await statusOf(url, orderId, { sub: 'ann' });
    expect(asked).toMatchObject({ status: 404, body: { showReceipt: true } });
    for (let repeat = 0; repeat < 2; repeat += 1) {
      expect(await showReceipt(url, receipt, 'ann')).toMatchObject({
        status: 200,
        body: { orderId, status: 'PENDING' },
      });
    }
    expect(await buy(url, sale, { userId: 'bob' })).toMatchObject({ status: 409 });
    await expect.poll(() => read(url, orderId, 'ann'), WITHIN).toMatchObject({ persisted: true });
  });

  it('is recorded as lost where no unit is free', async () => {
    const { sale, orderId, receipt } = await lost({ stock: 1 });
    await reserve(url, sale, 'bob');
    const expected = { orderId, status: 'CANCELLED', reason: 'LOST_IN_FAILURE' };
    expect(await showReceipt(url, receipt, 'ann')).toMatchObject({ status: 200, body: expected });
    await expect.poll(() => read(url, orderId, 'ann'), WITHIN).toMatchObject(expected);
  });

  it('of the open epoch whose order Redis does not know closes the fence', async () => {
    const sale = await openSale(url, { stock: 5 });
    const order = await reserve(url, sale, 'ann');
    await expect
      .poll(() => read(url, order.orderId, 'ann'), WITHIN)
      .toMatchObject({ persisted: true });
    const orderId = newOrderId(sale);
    const facts = { ...sale, orderId, userId: 'ann', quantity: 1, epoch: 1, seq: 1 };
    const receipts = createReceipts(till.origin.config.RECEIPT_SECRET);
    const receipt = receipts.sign({ ...facts, createdAt: Date.now() });
    expect(await showReceipt(url, receipt, 'ann')).toMatchObject({
      status: 503,
      body: { type: '/problems/fenced' },
    });
    await expect
      .poll(async () => (await showReceipt(url, receipt, 'ann')).status, WITHIN)
      .toBe(200);
  });
});

describe('a payment for an order that a failure lost', () => {
  const linkTo = (orderId: string, receipt: string): string => {
    const payBy = Date.now() + 60_000;
    const order = { orderId, amount: 2_500, currency: 'EUR', payBy, reference: receipt };
    return payLink(till.gatewayUrl, order, GATEWAY_SECRET);
  };

  it('serves as its receipt, which the session at the gateway holds', async () => {
    const { sale, orderId, receipt } = await lost({ stock: 1 });
    expect(await payAtPage(linkTo(orderId, receipt))).toBe(303);
    await expect.poll(() => read(url, orderId, 'ann'), WITHIN).toMatchObject({ status: 'PAID' });
    await untilPayment(till, orderId, { state: 'applied' });
    expect(await buy(url, sale, { userId: 'bob' })).toMatchObject({ status: 409 });
  });

  it('goes back where no unit is free, and the buyer is told', async () => {
    const { sale, orderId, receipt } = await lost({ stock: 1 });
    await reserve(url, sale, 'bob');
    expect(await payAtPage(linkTo(orderId, receipt))).toBe(303);
    await untilPayment(till, orderId, { state: 'refunded', cause: 'no-unit' });
    await expect
      .poll(() => read(url, orderId, 'ann'), WITHIN)
      .toMatchObject({ status: 'CANCELLED', reason: 'REFUNDED' });
  });
});

describe('a refund', () => {
  it.each([
    [{ restock: true }, 201],
    [{ restock: false }, 409],
  ])('with %j gives the money back, and the unit if so', async (how, then) => {
    const sale = await openSale(url, { stock: 1 });
    const order = await reserve(url, sale, 'ann');
    const wanted = { ...how, role: 'admin' } as const;
    expect(await refund(url, order.orderId, wanted)).toMatchObject({ status: 422 });
    await tell(url, { orderId: order.orderId });
    await untilPayment(till, order.orderId, { state: 'applied' });
    for (let repeat = 0; repeat < 2; repeat += 1) {
      expect(await refund(url, order.orderId, wanted)).toMatchObject({
        status: 200,
        body: { status: 'CANCELLED', reason: 'REFUNDED' },
      });
    }
    await untilPayment(till, order.orderId, { state: 'refunded', holdsOrder: false });
    expect(await buy(url, sale, { userId: 'bob' })).toMatchObject({ status: then });
    await expect
      .poll(() => till.origin.rows.findOrder(order.orderId), WITHIN)
      .toMatchObject({ status: 'CANCELLED', reason: 'REFUNDED' });
  });

  it('is for administrators', async () => {
    const order = await reserve(url, await openSale(url), 'ann');
    expect(await refund(url, order.orderId, { restock: true })).toMatchObject({ status: 403 });
  });
});
