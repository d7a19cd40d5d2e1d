// A Redis that an origin of an earlier version has written: facts and what is due by ulid, or batches
// that tell the number of each order. Whoever finds it so trusts nothing of it.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openRedis } from '../../../lua/real-redis.ts';
import { inventoryKeys } from '../../../shared/keys.ts';
import { isBatchField, ordersIn } from '../../orders/order-batch.ts';
import { packOrder } from '../../orders/packed-order.ts';
import type { Redis } from '../../redis/client.ts';
import { ordersInRedis } from '../../restore/orders-in-redis.ts';
import { type EmbeddedOrigin, startEmbeddedOrigin } from '../reserve/embedded-origin.ts';
import { openSale, type Sale, SOON, statusOf } from '../reserve/shop-front.ts';
import { audit, untilRecorded } from './audit.ts';
import { people, startRush } from './rush.ts';

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

async function writeByUlid({ skuId }: Sale): Promise<void> {
  const { activity, orders, pending } = inventoryKeys;
  const held = [];
  for await (const page of ordersInRedis(redis, { skuId })) held.push(...page);
  const change = redis.multi().del(orders(skuId), pending(skuId)).hdel(activity(skuId), 'batches');
  for (const { orderId, facts } of held) {
    const ulid = orderId.slice(skuId.length + 1);
    change.hset(orders(skuId), ulid, packOrder(facts)).zadd(pending(skuId), facts.payBy, ulid);
  }
  await change.exec();
}

async function writeNumbered({ skuId }: Sale): Promise<void> {
  const key = inventoryKeys.orders(skuId);
  const change = redis.multi();
  for (const [batch, text] of Object.entries(await redis.hgetall(key))) {
    if (!isBatchField(batch)) continue;
    const [head = ''] = text.split('\n');
    const lines = [...ordersIn(text)].map(([ulid, { userId, quantity, seq }]) =>
      [ulid, userId, quantity, seq].join(' '),
    );
    change.hset(key, batch, [head.replace(/ \d+$/, ''), ...lines].join('\n'));
  }
  await change.exec();
}

it.each([
  ['by ulid', writeByUlid],
  ['numbered', writeNumbered],
])('is rebuilt, and nothing of the sale is lost: %s', async (_form, writeFormerForm) => {
  const sale = { ...(await openSale(origin.url, { stock: 8 })), stock: 8 };
  const { bought, over } = startRush(origin.url, sale, { people: people(5) });
  await over;
  await untilRecorded(origin, bought);
  await writeFormerForm(sale);
  const epochOf = async () => (await origin.rows.findActivity(sale.activityId))?.epoch;
  await expect.poll(epochOf, SOON).toBe(2);
  await audit(origin, sale, { bought, redis });
  const [one] = bought;
  const sub = one?.purchase.userId ?? '';
  expect(await statusOf(origin.url, one?.purchase.orderId, { sub })).toMatchObject({
    ...{ status: 200, body: { status: 'PENDING' } },
  });
  const sizes = [];
  for await (const page of ordersInRedis(redis, sale)) sizes.push(page.length);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(bought.length);
});
