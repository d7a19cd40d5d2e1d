// What an order and a waiting person cost in Redis' memory, by Redis' own count before and after.
import { resolve } from 'node:path';
import type { Redis } from '../../origin/redis/client.ts';
import { pipelined } from '../../origin/redis/pipelined.ts';
import type { ActivityRow } from '../../origin/store/store.ts';
import { markPersisted } from '../../origin/writer/mark-persisted.ts';
import { edgeKeys, inventoryKeys, USER_KEY_PLAIN_LENGTH } from '../../shared/keys.ts';
import { mintUlid, orderIdOf } from '../../shared/order-id.ts';
import { openLine } from './line.ts';
import type { Bench, BenchResult } from './result.ts';
import { openShop, type Shop, type Sold } from './shop.ts';

const ORDERS = 100_000;
const PEOPLE = 100_000;
const SKU = 'sku_000000001';
const SLICE = 1_000;
const USED = /^used_memory:(\d+)/m;

export const memory: Bench = {
  name: 'memory',
  async run({ dir, progress }) {
    const shop = await openShop({ dir: resolve(dir, 'redis') });
    try {
      progress(`memory of ${ORDERS.toLocaleString('en-US')} orders`);
      const orders = await ofOrders(shop);
      progress(`memory of ${PEOPLE.toLocaleString('en-US')} people in line`);
      return [...orders, await ofPeople(shop.link.redis)];
    } finally {
      await shop.close();
    }
  },
};

async function ofOrders(shop: Shop): Promise<BenchResult[]> {
  const { redis } = shop.link;
  const bare = await grownBy(redis, () => setBareKeys(redis));
  await redis.flushall();
  const activity = await shop.load({ skuId: SKU });
  const start = await usedBytes(redis);
  const sold = await shop.sell(activity, ORDERS);
  const waiting = (await usedBytes(redis)) - start;
  await persist(shop, activity, sold);
  const persisted = (await usedBytes(redis)) - start;
  await redis.flushall();
  const against = 'its status and count as bare keys';
  const result = (name: string, bytes: number, most: number): BenchResult => ({
    name,
    value: bytes / ORDERS,
    unit: 'B',
    ratio: bytes / bare,
    against,
    budget: `<= ${most} B`,
    met: bytes / ORDERS <= most,
  });
  return [
    result('memory-order-until-persisted', waiting, 900),
    result('memory-order-persisted', persisted, 600),
  ];
}

/** What the relay and the writer leave of an order. */
async function persist(shop: Shop, activity: ActivityRow, sold: readonly Sold[]): Promise<void> {
  await shop.emptyOutbox(activity);
  const { link } = shop;
  const registry = { current: () => activity };
  for (let at = 0; at < sold.length; at += SLICE) {
    await markPersisted({ link, registry }, sold.slice(at, at + SLICE).map(orderIdOf));
  }
}

/** The two keys of an order that have names of their own, by plain SET. */
async function setBareKeys(redis: Redis): Promise<void> {
  for (let at = 0; at < ORDERS; at += SLICE) {
    const pipeline = redis.pipeline();
    for (let index = at; index < at + SLICE; index += 1) {
      const order = { skuId: SKU, ulid: mintUlid(Date.now()) };
      pipeline.set(inventoryKeys.orderStatus(order), 'PENDING');
      pipeline.set(inventoryKeys.userPurchase(SKU, nameOf(index)), '1');
    }
    await pipelined(pipeline);
  }
}

async function ofPeople(redis: Redis): Promise<BenchResult> {
  const bare = await grownBy(redis, async () => {
    for (let at = 0; at < PEOPLE; at += SLICE) {
      const pipeline = redis.pipeline();
      for (let index = at; index < at + SLICE; index += 1) {
        pipeline.set(edgeKeys.place(SKU, nameOf(index)), mintUlid(Date.now()));
      }
      await pipelined(pipeline);
    }
  });
  await redis.flushall();
  const line = await openLine(redis, SKU);
  const bytes = await grownBy(redis, () => line.join(PEOPLE));
  return {
    name: 'memory-waiting-person',
    value: bytes / PEOPLE,
    unit: 'B',
    ratio: bytes / bare,
    against: 'a bare key with an order id',
    budget: '<= 240 B',
    met: bytes / PEOPLE <= 240,
  };
}

async function grownBy(redis: Redis, work: () => Promise<void>): Promise<number> {
  const before = await usedBytes(redis);
  await work();
  return (await usedBytes(redis)) - before;
}

async function usedBytes(redis: Redis): Promise<number> {
  return Number(USED.exec(await redis.info('memory'))?.[1]);
}

/** As long as the longest user id that stands in keys as it is. */
const nameOf = (index: number): string => `user-${index}`.padEnd(USER_KEY_PLAIN_LENGTH, '.');
