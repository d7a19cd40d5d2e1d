// Memory and outbox have limits: above them new orders wait outside, what ends orders goes on.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { inventoryKeys } from '../../../shared/keys.ts';
import { mintUlid, orderIdOf } from '../../../shared/order-id.ts';
import { type Room, watchRoom } from '../../inventory/room.ts';
import { luaScript } from '../../redis/lua.ts';
import { createReserver } from '../../reserve/reserver.ts';
import { createSeenSequences } from '../../reserve/seen.ts';
import { buyFrom, FenceWorld } from '../fence/fence-world.ts';
import { type Sale, SOON } from '../reserve/shop-front.ts';

let world: FenceWorld;
let room: Room | undefined;
let sale: Sale;
beforeEach(async () => {
  world = await FenceWorld.open();
  sale = await world.openSale({ stock: 1_000, capacity: 1, limitPerUser: 100 });
});
afterEach(async () => {
  room?.close();
  await world.close();
});

function shopWith(outboxLimit: number) {
  const { registry, dependencies } = world;
  const { link } = dependencies;
  room = watchRoom({ link, registry, outboxLimit, onError: (error) => world.errors.push(error) });
  const { hasRoom } = room;
  return createReserver({
    ...{ link, registry, hasRoom, script: luaScript('reserve'), seen: createSeenSequences() },
    userKey: (userId) => userId,
    onDistrust: () => undefined,
    onBatch: () => undefined,
    onError: (error) => world.errors.push(error),
  });
}

it('is busy with more orders in the outbox than its limit, until they are relayed', async () => {
  const shop = shopWith(100);
  const ulid = mintUlid(Date.now());
  expect(await buyFrom(shop, sale, 'ann', ulid)).toMatchObject({ kind: 'reserved' });
  const crowd = Array.from({ length: 100 }, (_, n) => buyFrom(shop, sale, `user-${n}`));
  await Promise.all(crowd);
  const kind = async () => (await buyFrom(shop, sale, 'bob')).kind;
  await expect.poll(kind, SOON).toBe('busy');
  // Who has an order is told of it, and it can be paid and ended.
  expect(await buyFrom(shop, sale, 'ann', ulid)).toMatchObject({ kind: 'known' });
  const order = { activityId: sale.activityId, orderId: orderIdOf({ skuId: sale.skuId, ulid }) };
  expect(await world.selling.inventory.settle(order)).toMatchObject({ kind: 'settled' });
  await world.startWriting();
  await expect.poll(kind, SOON).toBe('reserved');
  expect(world.errors).toEqual([]);
});

it('counts the orders of the oldest entry, not what stands beside them', async () => {
  const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
  const nearlyNone = await world.openSale({ stock: 1, capacity: 1, limitPerUser: 1 });
  const shop = shopWith(40);
  const crowd = async ({ activityId }: Sale, trace?: string) => {
    const purchases = Array.from({ length: 60 }, (_, n) => {
      const asked = { activityId, userId: `user-${n}`, quantity: 1, traceparent: trace };
      return shop.reserve({ ...asked, ulid: mintUlid(Date.now()) });
    });
    const outcomes = await Promise.all(purchases);
    return outcomes.filter(({ kind }) => kind === 'reserved').length;
  };
  // One entry each: of 60 orders, and of one order and the traces of 59 refused.
  expect(await crowd(nearlyNone, traceparent)).toBe(1);
  expect(await crowd(sale)).toBe(60);
  await expect.poll(() => room?.hasRoom(sale.activityId), SOON).toBe(false);
  expect(room?.hasRoom(nearlyNone.activityId)).toBe(true);
});

it('is busy above 85 % of the memory, and lets orders end', async () => {
  const shop = shopWith(1_000_000);
  const ulid = mintUlid(Date.now());
  expect(await buyFrom(shop, sale, 'ann', ulid)).toMatchObject({ kind: 'reserved' });
  const { client } = world.redis;
  const kind = async () => (await buyFrom(shop, sale, 'bob')).kind;
  // Redis gives memory back while nobody asks much of it: the limit follows.
  const kindWhenShort = async () => {
    const used = Number(/^used_memory:(\d+)/m.exec(await client.info('memory'))?.[1]);
    await client.config('SET', 'maxmemory', Math.round(used * 1.1));
    return await kind();
  };
  await expect.poll(kindWhenShort, SOON).toBe('busy');
  const stockKey = inventoryKeys.stock(sale.skuId);
  const left = Number(await client.get(stockKey));
  const order = { activityId: sale.activityId, orderId: orderIdOf({ skuId: sale.skuId, ulid }) };
  const how = { reason: 'CANCELLED_BY_BUYER', countsAsLapse: false } as const;
  expect(await world.selling.inventory.release(order, how)).toMatchObject({ kind: 'released' });
  expect(Number(await client.get(stockKey))).toBe(left + 1);
  await client.config('SET', 'maxmemory', '1gb');
  await expect.poll(kind, SOON).toBe('reserved');
});
