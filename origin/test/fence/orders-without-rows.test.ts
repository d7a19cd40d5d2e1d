// Orders that stand in Redis while the events that would have made their rows are lost.
import type { ChainableCommander } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openRedis } from '../../../lua/real-redis.ts';
import { inventoryKeys } from '../../../shared/keys.ts';
import { mintUlid, orderIdOf } from '../../../shared/order-id.ts';
import { batchText, dueScore, ordersIn, placesField } from '../../orders/order-batch.ts';
import type { Redis } from '../../redis/client.ts';
import { type EmbeddedOrigin, startEmbeddedOrigin } from '../reserve/embedded-origin.ts';
import { buy, openSale, type Sale, SOON, statusOf, untilDecided } from '../reserve/shop-front.ts';
import { untilRecorded } from './audit.ts';
import { people, startRush } from './rush.ts';

const STOCK = 8;
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

/** As `reserve` leaves it, but for the outbox; `change` is made at once with others. */
function haunt(change: ChainableCommander, { skuId }: Sale, userId: string): string {
  const ulid = mintUlid(Date.now());
  const payBy = Date.now() + 900_000;
  const facts = { userId, quantity: 1, amount: 2_500, createdAt: Date.now(), payBy };
  const batch = `1-${userId}`;
  const text = batchText(new Map([[ulid, { ...facts, epoch: 1, seq: 99 }]]));
  change
    .hset(
      inventoryKeys.orders(skuId),
      batch,
      text,
      placesField(ulid),
      ` ${batch}:${ulid.slice(-2)}`,
    )
    .set(inventoryKeys.orderStatus({ skuId, ulid }), 'PENDING')
    .set(inventoryKeys.userPurchase(skuId, userId), 1)
    .zadd(inventoryKeys.pending(skuId), dueScore(payBy, 1), batch)
    .hincrby(inventoryKeys.activity(skuId), 'pending', 1)
    .hincrby(inventoryKeys.activity(skuId), 'batches', 1)
    .decr(inventoryKeys.stock(skuId))
    .incr(inventoryKeys.sold(skuId));
  return orderIdOf({ skuId, ulid });
}

it('are forgotten by the rebuild: it ends, and their users may buy and show receipts', async () => {
  const sale = { ...(await openSale(origin.url, { stock: STOCK })), stock: STOCK };
  const first = startRush(origin.url, sale, { people: people(3) });
  await first.over;
  await untilRecorded(origin, first.bought);
  // In one step: a watcher that looked in between would have the sale rebuilt once more.
  const change = redis.multi();
  const ghosts = [haunt(change, sale, 'eve'), haunt(change, sale, 'fay')];
  await change.del(inventoryKeys.sequence(sale.skuId)).exec();
  const epochOf = async () => (await origin.rows.findActivity(sale.activityId))?.epoch;
  await expect.poll(epochOf, SOON).toBeGreaterThan(1);
  await untilDecided(origin.url, sale);

  for (const [index, sub] of ['eve', 'fay'].entries()) {
    expect(await statusOf(origin.url, ghosts[index], { sub })).toMatchObject({
      ...{ status: 404, body: { showReceipt: true } },
    });
    expect((await buy(origin.url, sale, { userId: sub })).status).toBe(201);
  }
  const rest = startRush(origin.url, sale, { people: people(9, 'new') });
  await rest.over;
  expect(rest.bought).toHaveLength(STOCK - 5);
  const texts = await redis.hvals(inventoryKeys.orders(sale.skuId));
  expect(texts.flatMap((text) => [...ordersIn(text).keys()])).toHaveLength(STOCK);
  const epoch = await epochOf();
  await expect
    .poll(async () => (await origin.rows.findActivity(sale.activityId))?.applied.sold, SOON)
    .toBe(STOCK);
  expect(await epochOf()).toBe(epoch);
});
