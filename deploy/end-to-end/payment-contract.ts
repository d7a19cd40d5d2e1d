// What becomes of an order, as the contract promises it, for any stack: paid at the gateway's page,
// told by a signed callback, cancelled, expired.
import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import type { Stack } from '../stack/stack.ts';
import { buy, openSale, tokenOf, until, untilPromised } from './client.ts';
import { type Answer, freshName, type Members, send } from './send.ts';

const EXPIRES_WITHIN_MS = 5_000;

interface Bought {
  readonly token: string;
  readonly order: Members;
}

export function itIsPaidAsPromised(stackOf: () => Stack, webhookSecret: string): void {
  async function bought(terms: object = {}): Promise<Bought> {
    const { edge } = stackOf();
    const { skuId } = await openSale(edge, terms);
    const token = await tokenOf(edge, freshName('buyer'));
    const { status, body } = await buy({ edge, skuId, token });
    expect(status).toBe(201);
    return { token, order: body };
  }
  const statusOf = ({ token, order }: Bought) =>
    send(`${stackOf().edge}/api/seckill/status/${order.orderId}`, { token });
  const becomes = (one: Bought, members: Members) =>
    until(async () => {
      const { body } = await statusOf(one);
      const isSo = Object.entries(members).every(([name, value]) => body[name] === value);
      return isSo ? body : undefined;
    });
  const post = ({ token }: Bought, path: string, body: object = {}) =>
    send(`${stackOf().edge}${path}`, { token, body });

  function tell(data: object, secret = webhookSecret): Promise<Answer> {
    const now = new Date();
    const timestamp = now.toISOString();
    const body = JSON.stringify({ type: 'payment.succeeded', timestamp, data });
    const headers = {
      'webhook-id': 'msg_by_hand',
      'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
      'webhook-signature': new Webhook(secret).sign('msg_by_hand', now, body),
    };
    return send(`${stackOf().edge}/api/payments/callback`, { body, headers });
  }
  const paymentOf = ({ order }: Bought, changes: object = {}) => ({
    ...{ paymentId: freshName('pay'), orderId: order.orderId, currency: order.currency },
    ...{ amount: order.amount },
    ...changes,
  });

  test('an order is paid at the page behind its link, which leads back to the sale', async () => {
    const one = await bought();
    const { edge, actuator } = stackOf();
    const link = String(one.order.paymentUrl);
    expect((await statusOf(one)).body.paymentUrl).toBe(link);
    const page = await fetch(link);
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(await page.text()).toContain('$12.50');
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const body = 'decision=pay';
    const paid = await fetch(link, { method: 'POST', redirect: 'manual', headers, body });
    expect(paid.status).toBe(303);
    expect(paid.headers.get('location')).toBe(`${edge}/sale/${one.order.skuId}`);
    const status = await becomes(one, { status: 'PAID', persisted: true });
    expect(status).not.toHaveProperty('paymentUrl');
    expect(await post(one, `/api/orders/${one.order.orderId}/cancel`)).toMatchObject({
      ...{ status: 409, body: { type: '/problems/already-paid' } },
    });
    await until(async () => {
      const metrics = await (await fetch(`${actuator}/actuator/prometheus`)).text();
      return /^seckill_funnel_total\{stage="paid"\} [1-9]/m.test(metrics) || undefined;
    });
  });

  test('an order is paid by a signed callback, once, however often it is told', async () => {
    const one = await bought();
    const payment = paymentOf(one);
    expect(await tell(payment, `whsec_${btoa('nobody knows this one')}`)).toMatchObject({
      ...{ status: 401, body: { type: '/problems/signature-invalid' } },
    });
    expect(await tell({ ...payment, amount: 1 })).toMatchObject({
      ...{ status: 422, body: { type: '/problems/amount-mismatch' } },
    });
    expect((await statusOf(one)).body).toMatchObject({ status: 'PENDING' });
    for (let repeat = 0; repeat < 3; repeat += 1) {
      expect(await tell(payment)).toMatchObject({ status: 204 });
    }
    await becomes(one, { status: 'PAID', persisted: true });
    const unknown = paymentOf(one, { orderId: 'sku-01ARZ3NDEKTSV4RRFFQ69G5FAV' });
    expect(await tell(unknown)).toMatchObject({ status: 404 });
  });

  test('an unpaid order expires within 5 s, and its unit is for sale again', async () => {
    const one = await bought({ stock: 1, paymentWindowSeconds: 1 });
    const { edge } = stackOf();
    const payBy = Date.parse(String(one.order.payBy));
    await until(async () => Date.now() >= payBy || undefined);
    await untilPromised(async () => {
      const { body } = await statusOf(one);
      return (body.status === 'CANCELLED' && body.reason === 'EXPIRED') || undefined;
    }, EXPIRES_WITHIN_MS);
    const token = await tokenOf(edge, freshName('buyer'));
    const next = await until(async () => {
      const answer = await buy({ edge, skuId: one.order.skuId, token });
      return answer.status === 201 ? answer : undefined;
    });
    expect(next.body.orderId).not.toBe(one.order.orderId);
  });

  test('an order is cancelled by its buyer; a payment that comes all the same goes back', async () => {
    const one = await bought();
    const path = `/api/orders/${one.order.orderId}/cancel`;
    for (let repeat = 0; repeat < 2; repeat += 1) {
      expect(await post(one, path)).toMatchObject({
        ...{ status: 200, body: { status: 'CANCELLED', reason: 'CANCELLED_BY_BUYER' } },
      });
    }
    expect(await tell(paymentOf(one))).toMatchObject({ status: 204 });
    await becomes(one, { status: 'CANCELLED', reason: 'REFUNDED' });
  });

  test('an order is told to its buyer also when its activity is closed, and to nobody else', async () => {
    const { edge } = stackOf();
    const { skuId, activityId } = await openSale(edge);
    const token = await tokenOf(edge, freshName('buyer'));
    const { body } = await buy({ edge, skuId, token });
    const order = { orderId: body.orderId, skuId, status: 'CANCELLED' };
    await post({ token, order: body }, `/api/orders/${order.orderId}/cancel`);
    const admin = await tokenOf(edge, 'admin', 'admin');
    await send(`${edge}/api/activities/${activityId}/end`, { token: admin, body: {} });
    await until(async () => {
      const sale = await send(`${edge}/api/sales/${skuId}`);
      return sale.body.state === 'CLOSED' ? sale : undefined;
    });
    expect(await buy({ edge, skuId, token })).toMatchObject({ status: 201, body: order });
    const again = { again: order.orderId };
    for (const late of [
      { token, body: again },
      { token: await tokenOf(edge, freshName('late')) },
    ]) {
      const refused = await buy({ edge, skuId, ...late });
      expect(refused).toMatchObject({ status: 409, body: { type: '/problems/ended' } });
    }
  });

  test('a receipt shows its order to its buyer alone', async () => {
    const one = await bought();
    const { receipt, orderId } = one.order;
    expect(await post(one, '/api/receipts', { receipt })).toMatchObject({
      ...{ status: 200, body: { orderId, status: 'PENDING' } },
    });
    const token = await tokenOf(stackOf().edge, freshName('other'));
    expect(await post({ ...one, token }, '/api/receipts', { receipt })).toMatchObject({
      status: 404,
    });
  });
}
