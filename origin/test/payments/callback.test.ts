// POST /api/payments/callback at an origin without a gateway: payments told by hand.
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { configOf, type EmbeddedOrigin, startEmbeddedOrigin } from '../reserve/embedded-origin.ts';
import { buy, newOrderId, openSale, type Sale, statusOf } from '../reserve/shop-front.ts';
import { sendSigned } from '../signature/signed-client.ts';
import { newPaymentId, signWebhook, tell, untilPayment, WEBHOOK_SECRET, WITHIN } from './till.ts';

const OTHER_SECRET = 'whsec_YW5vdGhlci1zZWNyZXQtb2Ytd2ViaG9va3M=';
const path = '/api/payments/callback';
let origin: EmbeddedOrigin;
let sale: Sale;
beforeAll(async () => {
  const { redis } = inject('services');
  const secrets = { WEBHOOK_SECRET: `${OTHER_SECRET} ${WEBHOOK_SECRET}` };
  origin = await startEmbeddedOrigin(redis, configOf(redis, secrets));
  sale = await openSale(origin.url, { stock: 1_000, limitPerUser: 100 });
});
afterAll(() => origin.close());

async function reserve(userId = 'ann'): Promise<string> {
  const { status, body } = await buy(origin.url, sale, { userId });
  expect(status).toBe(201);
  return String(body.orderId);
}
const read = async (orderId: string) => (await statusOf(origin.url, orderId, { sub: 'ann' })).body;

describe('a payment in time', () => {
  it('makes its order PAID, at once in Redis and then in its row; a repeat is the same', async () => {
    const orderId = await reserve();
    const paymentId = newPaymentId();
    expect(await tell(origin.url, { orderId, paymentId })).toMatchObject({ status: 204 });
    expect(await read(orderId)).toMatchObject({ status: 'PAID' });
    expect(await read(orderId)).not.toHaveProperty('paymentUrl');
    for (let repeat = 0; repeat < 3; repeat += 1) {
      expect(await tell(origin.url, { orderId, paymentId })).toMatchObject({ status: 204 });
    }
    await untilPayment({ origin }, orderId, { paymentId, state: 'applied', holdsOrder: true });
    await expect
      .poll(() => origin.rows.findOrder(orderId), WITHIN)
      .toMatchObject({ status: 'PAID' });
  });

  it('counts once when it is told ten times at the same moment', async () => {
    const orderId = await reserve();
    const paymentId = newPaymentId();
    const tellings = Array.from({ length: 10 }, () => tell(origin.url, { orderId, paymentId }));
    for (const { status } of await Promise.all(tellings)) expect(status).toBe(204);
    await untilPayment({ origin }, orderId, { paymentId, state: 'applied' });
    expect(await origin.rows.paymentsOfOrders([orderId])).toHaveLength(1);
  });

  it('signed with any of the secrets that are in force', async () => {
    const orderId = await reserve();
    expect(await tell(origin.url, { orderId }, OTHER_SECRET)).toMatchObject({ status: 204 });
  });

  it('in whatever order two payments of one order come, one is kept and one goes back', async () => {
    const orderId = await reserve();
    const two = await Promise.all([tell(origin.url, { orderId }), tell(origin.url, { orderId })]);
    expect(two.map(({ status }) => status)).toEqual([204, 204]);
    await untilPayment({ origin }, orderId, { state: 'applied' });
    await untilPayment({ origin }, orderId, { state: 'refunded', cause: 'second-payment' });
    expect(await read(orderId)).toMatchObject({ status: 'PAID' });
  });
});

describe('what does not pay', () => {
  it.each([
    ['another amount', { amount: 2_499 }],
    ['another currency', { currency: 'USD' }],
    ['no currency', { currency: 'euros' }],
  ])('%s is 422, and the right payment may follow under the same id', async (_name, wrong) => {
    const orderId = await reserve();
    const paymentId = newPaymentId();
    for (let repeat = 0; repeat < 2; repeat += 1) {
      expect(await tell(origin.url, { orderId, paymentId, ...wrong })).toMatchObject({
        status: 422,
        body: { type: '/problems/amount-mismatch' },
      });
    }
    expect(await read(orderId)).toMatchObject({ status: 'PENDING' });
    expect(await tell(origin.url, { orderId, paymentId })).toMatchObject({ status: 204 });
    expect(await read(orderId)).toMatchObject({ status: 'PAID' });
  });

  it('a failed payment leaves the order PENDING; the same payment may succeed later', async () => {
    const orderId = await reserve();
    const paymentId = newPaymentId();
    const failed = { orderId, paymentId, type: 'payment.failed' };
    expect(await tell(origin.url, failed)).toMatchObject({ status: 204 });
    expect(await read(orderId)).toMatchObject({ status: 'PENDING' });
    expect(await tell(origin.url, { orderId, paymentId })).toMatchObject({ status: 204 });
    expect(await tell(origin.url, failed)).toMatchObject({ status: 204 });
    expect(await read(orderId)).toMatchObject({ status: 'PAID' });
  });

  it("another order's payment id is 422 and pays for nothing", async () => {
    const [one, other] = [await reserve(), await reserve()];
    const paymentId = newPaymentId();
    await tell(origin.url, { orderId: one, paymentId });
    expect(await tell(origin.url, { orderId: other, paymentId })).toMatchObject({ status: 422 });
    expect(await read(other)).toMatchObject({ status: 'PENDING' });
  });

  it.each([() => newOrderId(sale), () => 'nobody', () => 'nosale-01ARZ3NDEKTSV4RRFFQ69G5FAV'])(
    'an order that nobody knows is 404, told again too',
    async (mint) => {
      const told = { orderId: mint(), paymentId: newPaymentId() };
      for (let repeat = 0; repeat < 2; repeat += 1) {
        expect(await tell(origin.url, told)).toMatchObject({
          status: 404,
          body: { type: '/problems/unknown-order' },
        });
      }
    },
  );
});

describe('what is not a callback', () => {
  const body = JSON.stringify({});
  const post = (text: string, headers: Record<string, string>) =>
    sendSigned(origin.url, { method: 'POST', path, body: text, headers });

  it.each([
    ['no signature', () => ({})],
    [
      'a secret of somebody else',
      () => signWebhook(body, { secret: 'whsec_bm90LW91cnMtbm90LW91cnM=' }),
    ],
    ['a signature of another body', () => signWebhook('{"a":1}')],
    ['six minutes ago', () => signWebhook(body, { at: new Date(Date.now() - 360_000) })],
    ['in six minutes', () => signWebhook(body, { at: new Date(Date.now() + 360_000) })],
    ['a time that is none', () => ({ ...signWebhook(body), 'webhook-timestamp': '1e9' })],
  ])('%s is 401, before anything else is looked at', async (_name, headers) => {
    expect(await post(body, { ...headers(), 'content-type': 'text/plain' })).toMatchObject({
      status: 401,
      body: { type: '/problems/signature-invalid' },
    });
  });

  it('another content type is 415', async () => {
    const headers = { ...signWebhook(body), 'content-type': 'text/plain' };
    expect(await post(body, headers)).toMatchObject({ status: 415 });
  });

  it.each([
    '{}',
    '[]',
    '{"type":"payment.succeeded"',
    '{"type":"payment.refunded","timestamp":"2026-01-01T00:00:00Z","data":{}}',
    '{"type":"payment.failed","type":"payment.failed"}',
    '{"type":"payment.succeeded","timestamp":"yesterday","data":{"paymentId":"p","orderId":"o","amount":1,"currency":"EUR"}}',
    '{"type":"payment.succeeded","timestamp":"2026-01-01T00:00:00Z","data":{"paymentId":"p q","orderId":"o","amount":-1,"currency":"EUR"}}',
  ])('%s is 400', async (text) => {
    expect(await post(text, signWebhook(text))).toMatchObject({
      status: 400,
      body: { type: '/problems/malformed' },
    });
  });

  it('above 64 KiB is 413', async () => {
    const text = JSON.stringify({ type: 'x'.repeat(65_536) });
    expect(await post(text, signWebhook(text))).toMatchObject({ status: 413 });
  });
});
