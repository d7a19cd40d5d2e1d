// POST /api/seckill/:skuId with a unit at its end.
import { expect, it } from 'vitest';
import { parseOrderId } from '../../../shared/order-id.ts';
import { play, recordedOf } from '../origin-records.ts';
import { putOnShelf } from '../sale-on-shelf.ts';
import { fresh, newBuyer, openShop } from '../shop.ts';
import { until } from '../until.ts';

it('is admitted, signed, forwarded and answered as the origin answers', async () => {
  const shop = openShop();
  const { skuId, activityId } = await putOnShelf();
  const buyer = await newBuyer();
  const body = '{"state":"RESERVED","orderId":"x"}';
  await play(buyer.userId, { how: 'answer', status: 201, body });
  const answer = await buyer.buy(shop, skuId, { quantity: 2 });
  expect(answer.status).toBe(201);
  expect(await answer.text()).toBe(body);
  expect(answer.headers.get('content-type')).toBe('application/json');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.headers.get('ratelimit')).toBe('"network";r=9;t=1');
  expect(answer.headers.get('ratelimit-policy')).toBe('"network";q=10;w=1');
  const [request, ...others] = await recordedOf(buyer.userId);
  expect(others).toEqual([]);
  expect(request).toMatchObject({
    method: 'POST',
    path: `/api/seckill/${skuId}`,
    body: '{"quantity":2}',
    isSigned: true,
    claims: { sub: buyer.userId, activityId },
  });
  expect(parseOrderId(request?.claims.orderId ?? '')?.skuId).toBe(skuId);
  expect(request?.headers.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
  expect(request?.headers['x-request-id']).toBe(answer.headers.get('x-request-id'));
});

it('passes a receipt on, and nothing that is the edge’s own', async () => {
  const shop = openShop();
  const { skuId } = await putOnShelf();
  const buyer = await newBuyer();
  await buyer.buy(shop, skuId, { receipt: 'a-receipt' });
  const [request] = await recordedOf(buyer.userId);
  expect(request?.body).toBe('{"quantity":1,"receipt":"a-receipt"}');
});

it('is forwarded again with the same order id, once a second at most', async () => {
  const shop = openShop();
  const { skuId } = await putOnShelf();
  const buyer = await newBuyer();
  expect((await buyer.buy(shop, skuId)).status).toBe(201);
  const again = await buyer.buy(shop, skuId);
  expect(again.status).toBe(202);
  const confirming = await again.json<Record<string, unknown>>();
  expect(confirming).toMatchObject({ state: 'CONFIRMING', pollAfterSeconds: 1 });
  const repeated = await until(
    () => buyer.buy(shop, skuId),
    ({ status }) => status === 201,
  );
  expect(repeated.status).toBe(201);
  const requests = await recordedOf(buyer.userId);
  const [orderId, ...others] = new Set(requests.map(({ claims }) => claims.orderId));
  expect(orderId).toBe(confirming.orderId);
  expect(others).toEqual([]);
  expect(new Set(requests.map(({ nonce }) => nonce)).size).toBe(requests.length);
});

it('follows an order under a new id, and a repeat changes nothing', async () => {
  const shop = openShop();
  const { skuId } = await putOnShelf();
  const buyer = await newBuyer();
  await buyer.buy(shop, skuId);
  const [first] = await recordedOf(buyer.userId);
  const again = first?.claims.orderId;
  expect((await buyer.buy(shop, skuId, { again })).status).toBe(201);
  await until(
    () => buyer.buy(shop, skuId, { again }),
    ({ status }) => status === 201,
  );
  const ids = (await recordedOf(buyer.userId)).map(({ claims }) => claims.orderId);
  expect(ids).toHaveLength(3);
  expect(ids[1]).not.toBe(again);
  expect(ids[2]).toBe(ids[1]);
});

it('without ticket or `again` repeats the order that exists, and buys nothing more', async () => {
  const shop = openShop();
  const { skuId } = await putOnShelf();
  const buyer = await newBuyer();
  await buyer.buy(shop, skuId);
  const [first] = await recordedOf(buyer.userId);
  const again = first?.claims.orderId;
  await buyer.buy(shop, skuId, { again });
  await until(
    () => buyer.buy(shop, skuId),
    ({ status }) => status === 201,
  );
  const requests = await recordedOf(buyer.userId);
  expect(requests.map(({ body }) => JSON.parse(body).follows)).toEqual([
    undefined,
    undefined,
    again,
  ]);
});

it('knows a user by an id of 128 characters too', async () => {
  const shop = openShop();
  const { skuId } = await putOnShelf();
  const buyer = await newBuyer(fresh('u').padEnd(128, '|'));
  expect((await buyer.buy(shop, skuId)).status).toBe(201);
  expect((await buyer.buy(shop, skuId)).status).toBe(202);
  expect(await recordedOf(buyer.userId)).toHaveLength(1);
});
