// A user whose orders expired twice is refused with a word of its own, until an operator lifts it.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openRedis } from '../../../lua/real-redis.ts';
import { inventoryKeys } from '../../../shared/keys.ts';
import { mintToken } from '../../cli/mint.ts';
import type { Redis } from '../../redis/client.ts';
import {
  type EmbeddedOrigin,
  JWT_SECRET,
  startEmbeddedOrigin,
} from '../reserve/embedded-origin.ts';
import { buy, newSkuId, openSale, SOON, untilDecided } from '../reserve/shop-front.ts';
import { send } from '../signature/signed-client.ts';

let origin: EmbeddedOrigin;
let redis: Redis;
beforeAll(async () => {
  origin = await startEmbeddedOrigin();
  redis = await openRedis();
});
afterAll(async () => {
  redis.disconnect();
  await origin.close();
});

async function lift(skuId: string, userId: string, role?: 'admin') {
  const token = await mintToken({ sub: 'ada', ...(role && { role }) }, JWT_SECRET);
  const path = `/api/admin/lapses/${skuId}/${encodeURIComponent(userId)}/lift`;
  const headers = { authorization: `Bearer ${token}` };
  return await send(origin.url, { method: 'POST', path, headers });
}

it('is 403 lapsed, and 201 again once it was lifted', async () => {
  const sale = await openSale(origin.url);
  const userId = 'd|d@x.y:1';
  await redis.hset(inventoryKeys.lapsed(sale.skuId), userId, 2);
  const refused = await buy(origin.url, sale, { userId });
  expect(refused).toMatchObject({ status: 403, body: { type: '/problems/lapsed' } });
  expect((await buy(origin.url, sale, { userId: 'bob' })).status).toBe(201);
  const lifted = { skuId: sale.skuId, userId, lifted: 2 };
  expect(await lift(sale.skuId, userId, 'admin')).toMatchObject({ status: 200, body: lifted });
  expect(await lift(sale.skuId, userId, 'admin')).toMatchObject({ body: { ...lifted, lifted: 0 } });
  expect((await buy(origin.url, sale, { userId })).status).toBe(201);
});

it('stays lifted behind a rebuild; an order that expires later counts again', async () => {
  const terms = { limitPerUser: 9, paymentWindowSeconds: 1 };
  const sale = await openSale(origin.url, terms);
  const { skuId, activityId } = sale;
  const lapse = async () => {
    const { orderId } = (await buy(origin.url, sale, { userId: 'ann' })).body;
    await expect
      .poll(() => origin.rows.findOrder(String(orderId)), SOON)
      .toMatchObject({ status: 'CANCELLED', reason: 'EXPIRED' });
  };
  await lapse();
  await lapse();
  const lapsed = { status: 403, body: { type: '/problems/lapsed' } };
  expect(await buy(origin.url, sale, { userId: 'ann' })).toMatchObject(lapsed);
  expect(await lift(skuId, 'ann', 'admin')).toMatchObject({ status: 200 });
  await redis.del(inventoryKeys.stock(skuId));
  await expect.poll(async () => (await origin.rows.findActivity(activityId))?.epoch, SOON).toBe(2);
  await untilDecided(origin.url, sale);
  await lapse();
  await lapse();
  expect(await buy(origin.url, sale, { userId: 'ann' })).toMatchObject(lapsed);
});

it('is lifted by administrators only, of items that there are', async () => {
  const { skuId } = await openSale(origin.url);
  expect(await lift(skuId, 'ann')).toMatchObject({ status: 403 });
  expect(await lift(newSkuId(), 'ann', 'admin')).toMatchObject({ status: 404 });
});
