// When Redis does not answer: fast, honest, and back by itself.
import { describe, expect, it } from 'vitest';
import { ONE_ENTERS, putOnShelf } from './sale-on-shelf.ts';
import { fresh, freshAddress, newBuyer, openShop } from './shop.ts';
import { until } from './until.ts';

describe.each(['refuse', 'silence'] as const)('with a Redis in mode %s', (mode) => {
  it('admission is closed, the sale is still shown, and both come back', async () => {
    const shop = openShop();
    const { skuId } = await putOnShelf();
    expect((await shop.fetch(`/api/sales/${skuId}`)).status).toBe(200);
    await shop.setRedis(mode);
    const answer = await (await newBuyer()).buy(shop, skuId);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(await answer.json()).toMatchObject({ type: '/problems/unavailable' });
    expect((await shop.fetch(`/api/sales/${skuId}`)).status).toBe(200);
    await shop.setRedis('pass');
    const statusOf = async () => (await (await newBuyer()).buy(shop, skuId)).status;
    expect(await until(statusOf, (status) => status === 201)).toBe(201);
  });
});

it('a dead Redis is asked once a second, not once a request', async () => {
  const shop = openShop();
  const { skuId } = await putOnShelf();
  await shop.setRedis('refuse');
  const from = Date.now();
  for (let sent = 0; sent < 20; sent += 1) await (await newBuyer()).buy(shop, skuId);
  const seconds = (Date.now() - from) / 1_000;
  expect((await shop.asked()).length).toBeLessThanOrEqual(4 + Math.floor(seconds));
});

it('the isolate counts, and never allows all', async () => {
  const shop = openShop();
  const { skuId } = await putOnShelf();
  await shop.setRedis('refuse');
  const buyer = await newBuyer(fresh('user'), freshAddress());
  expect((await buyer.buy(shop, skuId)).status).toBe(503);
  // All at once, for a slow machine gets no eleven of them through a second one by one.
  const buyOften = async () => {
    const answers = await Promise.all(Array.from({ length: 25 }, () => buyer.buy(shop, skuId)));
    return new Set(answers.map(({ status }) => status));
  };
  const statuses = await until(buyOften, (found) => found.has(429));
  statuses.delete(503);
  expect(statuses).toEqual(new Set([429]));
});

it('a sale that was never seen is unavailable, not unknown', async () => {
  const shop = openShop();
  await shop.setRedis('refuse');
  const answer = await shop.fetch(`/api/sales/${fresh('sku')}`);
  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({ type: '/problems/unavailable' });
});

it('whoever shows a ticket gets it back, and its order id', async () => {
  const shop = openShop();
  const { skuId } = await putOnShelf(ONE_ENTERS);
  await (await newBuyer()).buy(shop, skuId);
  const buyer = await newBuyer();
  const first = await buyer.buy(shop, skuId);
  const { ticket, orderId } = await first.json<{ ticket: string; orderId: string }>();
  await shop.setRedis('refuse');
  const answer = await buyer.buy(shop, skuId, { ticket });
  expect(answer.status).toBe(503);
  expect(answer.headers.get('retry-after')).toBe('1');
  expect(await answer.json()).toMatchObject({ type: '/problems/unavailable', ticket, orderId });
  expect((await shop.fetch(`/api/seckill/queue/${ticket}`)).status).toBe(200);
  await shop.setRedis('pass');
  const back = await until(
    () => buyer.buy(shop, skuId, { ticket }),
    ({ status }) => status === 202,
  );
  expect(await back.json()).toMatchObject({ state: 'QUEUED', orderId, position: 1 });
});

it('a ticket of somebody else comes back to nobody', async () => {
  const shop = openShop();
  const { skuId } = await putOnShelf(ONE_ENTERS);
  await (await newBuyer()).buy(shop, skuId);
  const { ticket } = await (await (await newBuyer()).buy(shop, skuId)).json<{ ticket: string }>();
  await shop.setRedis('refuse');
  const answer = await (await newBuyer()).buy(shop, skuId, { ticket });
  expect(answer.status).toBe(503);
  expect(await answer.json()).not.toHaveProperty('ticket');
});
