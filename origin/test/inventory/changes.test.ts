// What happens to an order behind its reservation, through the port, the relay and the writer to
// its row: once, whatever is repeated.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { inventoryKeys } from '../../../shared/keys.ts';
import { mintUlid, orderIdOf } from '../../../shared/order-id.ts';
import { countersOf } from '../fence/audit.ts';
import { FenceWorld } from '../fence/fence-world.ts';
import { type Sale, SOON } from '../reserve/shop-front.ts';

let world: FenceWorld;
let sale: Sale;
beforeAll(async () => {
  world = await FenceWorld.open();
  await world.startWriting();
});
afterAll(() => world.close());
beforeEach(async () => {
  sale = await world.openSale({ stock: 10, capacity: 1, limitPerUser: 3, price: 700 });
});

async function bought(userId: string) {
  const ulid = mintUlid(Date.now());
  expect(await world.buy(sale, userId, ulid)).toMatchObject({ kind: 'reserved' });
  return { activityId: sale.activityId, orderId: orderIdOf({ skuId: sale.skuId, ulid }) };
}

const untilRow = (orderId: string, row: object) =>
  expect
    .poll(async () => (await world.dependencies.store.findOrder(orderId)) ?? {}, SOON)
    .toMatchObject(row);
const counters = () => countersOf(world.redis.client, sale);
const port = () => world.selling.inventory;

it('releases an order once; its unit, its user’s count and its row follow', async () => {
  const order = await bought('ann');
  const how = { reason: 'CANCELLED_BY_BUYER', countsAsLapse: false } as const;
  expect(await port().release(order, how)).toMatchObject({ kind: 'released', epoch: 1, seq: 2 });
  const again = await port().release(order, how);
  expect(again).toMatchObject({ kind: 'known', status: 'CANCELLED', order: { userId: 'ann' } });
  expect(await counters()).toEqual({ left: 10, sold: 0 });
  expect(await world.redis.client.get(inventoryKeys.userPurchase(sale.skuId, 'ann'))).toBe('0');
  await untilRow(order.orderId, { status: 'CANCELLED', reason: 'CANCELLED_BY_BUYER' });
  expect((await world.row(sale)).applied).toMatchObject({ seq: 2, sold: 0 });
});

it('settles an order once; only a refund ends it then, with its unit or without', async () => {
  const [one, two] = [await bought('ann'), await bought('ann')];
  for (const order of [one, two]) {
    expect(await port().settle(order)).toMatchObject({ kind: 'settled' });
    expect(await port().settle(order)).toMatchObject({ kind: 'known', status: 'PAID' });
    const expiry = { reason: 'EXPIRED', countsAsLapse: true } as const;
    expect(await port().release(order, expiry)).toMatchObject({ kind: 'known', status: 'PAID' });
  }
  const refund = { reason: 'REFUNDED', countsAsLapse: false } as const;
  expect(await port().release(one, refund)).toMatchObject({ kind: 'released' });
  expect(await port().void(two, 'REFUNDED')).toMatchObject({ kind: 'voided' });
  expect(await counters()).toEqual({ left: 9, sold: 1 });
  for (const { orderId } of [one, two]) {
    await untilRow(orderId, { status: 'CANCELLED', reason: 'REFUNDED' });
  }
  expect((await world.row(sale)).applied).toMatchObject({ seq: 6, sold: 1 });
  expect(await world.redis.client.get(inventoryKeys.userPurchase(sale.skuId, 'ann'))).toBe('0');
});

it('adjusts the total, never below what is sold', async () => {
  await bought('ann');
  expect(await port().adjust(sale.activityId, 4)).toEqual({ kind: 'adjusted', total: 4, seq: 2 });
  expect(await port().adjust(sale.activityId, 4)).toEqual({ kind: 'adjusted', total: 4, seq: 2 });
  expect(await port().adjust(sale.activityId, 0)).toEqual({ kind: 'below-sold', sold: 1 });
  expect(await counters()).toEqual({ left: 3, sold: 1 });
  await expect.poll(async () => (await world.row(sale)).applied.stock, SOON).toBe(4);
});

it('refuses a user who let two orders expire, until somebody lifts it', async () => {
  const expired = { reason: 'EXPIRED', countsAsLapse: true } as const;
  for (const _ of [1, 2]) await port().release(await bought('ann'), expired);
  expect(await world.buy(sale, 'ann')).toEqual({ kind: 'lapsed' });
  expect(await world.buy(sale, 'bob')).toMatchObject({ kind: 'reserved' });
  expect(await port().liftLapses(sale.activityId, 'ann')).toEqual({ kind: 'lifted', lapses: 2 });
  expect(await world.buy(sale, 'ann')).toMatchObject({ kind: 'reserved' });
});

it('keeps lapses, what is due and each status through a rebuild', async () => {
  const expired = { reason: 'EXPIRED', countsAsLapse: true } as const;
  for (const _ of [1, 2]) await port().release(await bought('ann'), expired);
  const [pending, paid] = [await bought('bob'), await bought('cid')];
  await port().settle(paid);
  await world.untilApplied(sale, { epoch: 1, seq: 7 });
  await world.redis.client.flushall();
  await world.lead(1);
  await expect.poll(async () => (await world.buyAtLast(sale, 'ann')).kind, SOON).toBe('lapsed');
  await world.stopLeading();
  await world.registry.refresh();
  const due = await port().due(sale.activityId, { atMs: 10 ** 15, limit: 10 });
  expect(due).toMatchObject({ kind: 'due', orders: [{ orderId: pending.orderId }] });
  expect(await port().settle(paid)).toMatchObject({ kind: 'known', status: 'PAID' });
  expect(await port().settle(pending)).toMatchObject({ kind: 'settled', epoch: 2, seq: 1 });
  expect(await counters()).toEqual({ left: 8, sold: 2 });
});

it('knows no order of another SKU or of nobody, and no activity that is not loaded', async () => {
  const unknown = { ...(await bought('ann')), orderId: `${sale.skuId}-${mintUlid(1)}` };
  expect(await port().settle(unknown)).toEqual({ kind: 'unknown' });
  const other = { activityId: sale.activityId, orderId: `other-${mintUlid(1)}` };
  expect(await port().settle(other)).toEqual({ kind: 'unknown' });
  const former = { ...unknown, activityId: 'former' };
  expect(await port().settle(former)).toEqual({ kind: 'not-loaded' });
  const { activity } = inventoryKeys;
  await world.redis.client.hset(activity(sale.skuId), 'id', 'the-next');
  expect(await port().settle(unknown)).toEqual({ kind: 'not-loaded' });
  await world.redis.client.hset(activity(sale.skuId), { id: sale.activityId, fence: 'x' });
  expect(await port().settle(unknown)).toEqual({ kind: 'fenced' });
});
