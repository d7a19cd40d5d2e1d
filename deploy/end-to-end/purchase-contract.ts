// One purchase flow, as the contract promises it, for any stack: the embedded one and the full one
// run the same tests.
import { expect, test } from 'vitest';
import type { Stack } from '../stack/stack.ts';
import { buy, decided, openSale, tokenOf, until } from './client.ts';
import { freshName, send } from './send.ts';

/** The first record of a new broker and its first reader wait for each other. */
const FIRST_RECORDED_WITHIN_MS = 30_000;
const ORDER_ID = /^sku_\w+-[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

export function itSellsAsPromised(stackOf: () => Stack): void {
  test('a purchase is reserved, repeated without change and persisted', async () => {
    const { edge } = stackOf();
    const { skuId } = await openSale(edge);
    const userId = freshName('buyer');
    const token = await tokenOf(edge, userId);
    const bought = await buy({ edge, skuId, token });
    expect(bought.status).toBe(201);
    expect(bought.body).toMatchObject({
      state: 'RESERVED',
      orderId: expect.stringMatching(ORDER_ID),
      skuId,
      status: 'PENDING',
      quantity: 1,
      amount: 1_250,
      currency: 'USD',
      payBy: expect.any(String),
      receipt: expect.any(String),
    });
    const { orderId } = bought.body;
    const again = await buy({ edge, skuId, token });
    expect(again).toMatchObject({ status: 201, body: { orderId, status: 'PENDING' } });

    const status = await until(async () => {
      const answer = await send(`${edge}/api/seckill/status/${orderId}`, { token });
      return answer.body.persisted === true ? answer : undefined;
    }, FIRST_RECORDED_WITHIN_MS);
    expect(status).toMatchObject({ status: 200, body: { orderId, skuId, status: 'PENDING' } });
    const other = await tokenOf(edge, freshName('other'));
    const hidden = await send(`${edge}/api/seckill/status/${orderId}`, { token: other });
    expect(hidden).toMatchObject({ status: 404, body: { type: '/problems/unknown-order' } });
  });

  test('the last unit goes once, and everybody else hears that it is gone', async () => {
    const { edge } = stackOf();
    const { skuId, activityId } = await openSale(edge, { stock: 3, ratePerSecond: 100 });
    const answers = await Promise.all(
      Array.from({ length: 12 }, async () =>
        buy({ edge, skuId, token: await tokenOf(edge, freshName('buyer')) }),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    const refused = answers.filter(({ status }) => status !== 201);
    for (const answer of refused) {
      expect(answer).toMatchObject({ status: 409, body: { type: '/problems/sold-out' } });
    }
    await until(async () => {
      const sale = await send(`${edge}/api/sales/${skuId}`);
      return sale.body.soldOut === true && sale.body.stockBand === 'none' ? sale : undefined;
    });
    const token = await tokenOf(edge, 'admin', 'admin');
    const activity = await until(async () => {
      const answer = await send(`${edge}/api/activities/${activityId}`, { token });
      return answer.body.sold === 3 ? answer : undefined;
    });
    expect(activity.headers.get('etag')).toMatch(/^".+"$/);
  });

  test('a user never gets more than the limit', async () => {
    const { edge } = stackOf();
    const { skuId } = await openSale(edge, { limitPerUser: 2 });
    const token = await tokenOf(edge, freshName('buyer'));
    const tooMany = await buy({ edge, skuId, token, body: { quantity: 3 } });
    expect(tooMany).toMatchObject({ status: 409, body: { type: '/problems/limit-reached' } });
    const both = await buy({ edge, skuId, token, body: { quantity: 2 } });
    expect(both).toMatchObject({ status: 201, body: { quantity: 2, amount: 2_500 } });
    const { orderId } = both.body;
    const third = await buy({ edge, skuId, token, body: { again: orderId } });
    expect(third).toMatchObject({ status: 409, body: { type: '/problems/limit-reached' } });
  });

  test('who comes too fast gets a place, and the place becomes an order', async () => {
    const { edge } = stackOf();
    const { skuId } = await openSale(edge, { ratePerSecond: 1, capacity: 1 });
    const names = ['a', 'b', 'c', 'd', 'e'].map(freshName);
    const tokens = await Promise.all(names.map((name) => tokenOf(edge, name)));
    const url = `${edge}/api/seckill/${skuId}`;
    // All at once, for one is called each second, which a slow machine needs for one of them.
    const pressed = await Promise.all(
      tokens.map(async (token) => ({
        token,
        ...(await decided(() => send(url, { token, body: {} }))),
      })),
    );
    const [placed, behind] = pressed
      .filter(({ body }) => body.state === 'QUEUED')
      .toSorted((one, other) => Number(one.body.position) - Number(other.body.position));
    if (placed === undefined || behind === undefined) return expect.fail('nobody has to wait');
    expect(placed).toMatchObject({
      status: 202,
      body: { position: expect.any(Number), chance: expect.any(Number) },
    });
    expect(Number(behind.body.position)).toBeGreaterThan(Number(placed.body.position));
    const poll = await send(`${edge}/api/seckill/queue/${placed.body.ticket}`);
    expect(poll.status).toBe(200);
    expect(poll.body.orderId).toBe(placed.body.orderId);
    const bought = await buy({ edge, skuId, token: placed.token });
    expect(bought).toMatchObject({ status: 201, body: { orderId: placed.body.orderId } });
  });

  test('before the start a purchase is not open, and says when it will be', async () => {
    const { edge } = stackOf();
    const startAt = new Date(Date.now() + 60_000).toISOString();
    const token = await tokenOf(edge, 'admin', 'admin');
    const skuId = freshName('sku');
    const terms = {
      skuId,
      stock: 1,
      price: 0,
      startAt,
      endAt: '2099-01-01T00:00:00Z',
      draw: false,
    };
    await send(`${edge}/api/activities`, { token, body: terms });
    const answer = await until(async () => {
      const early = await send(`${edge}/api/seckill/${skuId}`, { token, body: {} });
      return early.status === 404 ? undefined : early;
    });
    expect(answer).toMatchObject({ status: 409, body: { type: '/problems/not-open' } });
    expect(Date.parse(String(answer.body.opensAt))).toBe(Date.parse(startAt));
  });

  test('the actuator tells that all is up', async () => {
    const { actuator } = stackOf();
    const health = await send(`${actuator}/actuator/health`);
    expect(health).toMatchObject({ status: 200, body: { status: 'UP' } });
    for (const path of ['health/liveness', 'health/readiness', 'info', 'prometheus']) {
      const answer = await send(`${actuator}/actuator/${path}`);
      expect(answer.status).toBe(200);
    }
    const info = await send(`${actuator}/actuator/info`);
    expect(info.body).toMatchObject({ version: expect.any(String), profile: 'local' });
  });
}
