import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest';
import { inventoryKeys } from '../../../shared/keys.ts';
import type { OrderLog } from '../../order-log/order-log.ts';
import { type RelayOptions, runRelay } from '../../outbox/relay.ts';
import { openSale, type Sale } from '../order-log/sale.ts';
import { type Stack, startEmbeddedStack } from '../order-log/stacks.ts';
import { quietLog } from '../quiet-log.ts';
import { startOwnRedis } from '../redis/own-redis.ts';
import { openShop, type Shop } from './shop.ts';

const SOON = { timeout: 20_000, interval: 20 };
const { redis } = inject('services');

let stack: Stack;
let shop: Shop;
beforeAll(async () => {
  stack = await startEmbeddedStack();
  shop = await openShop(redis);
});
afterAll(async () => {
  shop.close();
  await stack.close();
});

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

function startRelay(options: Pick<RelayOptions, 'lanes'> & Partial<RelayOptions>) {
  const abort = new AbortController();
  const { orderLog } = stack;
  const ended = runRelay({ signal: abort.signal, redis, orderLog, log: quietLog, ...options });
  const end = async () => {
    abort.abort();
    await ended;
  };
  ends.push(end);
  return { end };
}

async function openLoaded(): Promise<Sale> {
  const sale = await openSale(stack.store);
  await shop.load(sale);
  return sale;
}
const appliedOf = async ({ activityId }: Sale) =>
  (await stack.store.findActivity(activityId))?.applied;
const seqOf = async (sale: Sale) => (await appliedOf(sale))?.seq;

test('what is reserved, before and after the start, is in the database and leaves the outbox', async () => {
  const sale = await openLoaded();
  const orders = await shop.reserve(sale, 64);
  let relayed = 0;
  const observe = {
    relayed: ({ events }: { events: number }) => {
      relayed += events;
    },
    failed: () => undefined,
    malformed: () => undefined,
  };
  startRelay({ lanes: () => [sale], observe });
  for (let batch = 0; batch < 50; batch += 1) orders.push(...(await shop.reserve(sale, 40)));
  await expect.poll(() => shop.waiting(sale), SOON).toBe(0);
  expect(relayed).toBe(orders.length);
  expect(await appliedOf(sale)).toMatchObject({ seq: orders.length, sold: orders.length });
  const page = { activityId: sale.activityId, afterOrderId: '', limit: 10_000 };
  const rows = await stack.store.ordersPage(page);
  expect(rows.map(({ orderId }) => orderId)).toEqual(orders.toSorted());
});

test('a lane that stands at a gap is left out and keeps its entries; the others go on', async () => {
  const [gapped, whole] = [await openLoaded(), await openLoaded()];
  for (let entry = 0; entry < 6; entry += 1) await shop.reserve(gapped, 1);
  await shop.redis.xdel(inventoryKeys.outbox(gapped.skuId), '1-3');
  startRelay({ lanes: () => [gapped, whole] });
  await expect.poll(async () => (await appliedOf(gapped))?.alarm, SOON).not.toBeNull();
  await shop.reserve(whole, 10);
  await expect.poll(() => seqOf(whole), SOON).toBe(10);
  expect(await seqOf(gapped)).toBe(2);
  expect(await shop.waiting(gapped)).toBe(5);

  const { activityId } = gapped;
  await stack.store.takeEpoch({ activityId, term: 1 });
  const announced = ['activity', activityId, 'at', '1', 'events', 'epoch'];
  await shop.redis.xadd(inventoryKeys.outbox(gapped.skuId), '2-0', ...announced);
  await stack.store.announceEpoch({ activityId, epoch: 2 });
  await expect.poll(async () => (await appliedOf(gapped))?.epoch, SOON).toBe(2);
  await expect.poll(() => shop.waiting(gapped), SOON).toBe(0);
});

test('an entry that no script of ours wrote holds its own lane for a moment, is told and buried', async () => {
  const [broken, whole] = [await openLoaded(), await openLoaded()];
  const { activityId, skuId } = broken;
  const [first, second] = await shop.reserve(broken, 2);
  await shop.redis.xadd(inventoryKeys.outbox(skuId), '1-3', 'at', 'noon');
  await shop.redis.set(inventoryKeys.sequence(skuId), '3');
  const third = await shop.reserve(broken, 1);
  const told: string[] = [];
  const observe = {
    relayed: () => undefined,
    failed: () => undefined,
    malformed: (sku: string, step: string) => void told.push(`${sku} ${step}`),
  };
  startRelay({ lanes: () => [broken, whole], observe });
  await expect.poll(() => told, SOON).toEqual([`${skuId} held`]);
  expect(await seqOf(broken)).toBe(2);
  await shop.reserve(whole, 5);
  await expect.poll(() => seqOf(whole), SOON).toBe(5);

  // What stands behind it is written; the alarm asks for a rebuild, and a dead letter has its text.
  await expect.poll(() => shop.waiting(broken), SOON).toBe(0);
  expect(told).toEqual([`${skuId} held`, `${skuId} buried`]);
  const applied = await appliedOf(broken);
  expect(applied).toMatchObject({ epoch: 1, seq: 4, sold: 3, alarmEpoch: 1 });
  expect(applied?.alarm).toContain('1-3');
  const page = { activityId, afterOrderId: '', limit: 10 };
  const rows = await stack.store.ordersPage(page);
  expect(rows.map(({ orderId }) => orderId)).toEqual([first, second, ...third].toSorted());
  const letters = { activityId, afterId: 0, limit: 10, which: 'undecided' } as const;
  expect(await stack.store.deadLettersPage(letters)).toMatchObject([
    { skuId, epoch: 1, seq: 3, text: '["at","noon"]', position: `outbox/${activityId}/1-3` },
  ]);
});

test('what a lane that is out of date cannot read is the next activity’s, and waits', async () => {
  const sale = await openLoaded();
  const former = { ...sale, activityId: `former-${sale.activityId}` };
  await shop.reserve(sale, 2);
  const asked: string[] = [];
  const isLoaded = (activityId: string) => {
    asked.push(activityId);
    return asked.length % 2 === 0 ? Promise.resolve(false) : Promise.reject(new Error('away'));
  };
  const lanes: Sale[] = [former];
  startRelay({ lanes: () => lanes, isLoaded });
  await expect.poll(() => asked, SOON).toEqual([former.activityId, former.activityId]);
  expect(await shop.waiting(sale)).toBe(1);
  lanes.splice(0, 1, sale);
  await expect.poll(() => seqOf(sale), SOON).toBe(2);
  expect((await appliedOf(sale))?.alarm).toBeNull();
});

test('a lane that appears later is relayed', async () => {
  const lanes: Sale[] = [];
  startRelay({ lanes: () => lanes });
  const [first, second] = [await openLoaded(), await openLoaded()];
  await shop.reserve(first, 3);
  lanes.push(first);
  await expect.poll(() => seqOf(first), SOON).toBe(3);
  await shop.reserve(second, 3);
  lanes.push(second);
  await expect.poll(() => seqOf(second), SOON).toBe(3);
});

test('a thousand lanes are relayed by one relay', async () => {
  // Some at a time: each call has its deadline, and a thousand would wait for one another's disk.
  const sales: Sale[] = [];
  while (sales.length < 1_000) {
    sales.push(...(await Promise.all(Array.from({ length: 20 }, () => openLoaded()))));
  }
  await Promise.all(sales.map((sale) => shop.reserve(sale, 2)));
  startRelay({ lanes: () => sales });
  const waiting = async () =>
    (await Promise.all(sales.map((sale) => shop.waiting(sale)))).reduce((sum, one) => sum + one, 0);
  await expect.poll(waiting, { timeout: 90_000, interval: 200 }).toBe(0);
  const [last] = sales.slice(-1);
  expect(last && (await appliedOf(last))).toMatchObject({ seq: 2, sold: 2 });
}, 180_000);

test('a Redis that restarts is relayed from again', async () => {
  const own = await startOwnRedis();
  ends.push(() => own.stop());
  const ownShop = await openShop(own);
  ends.push(async () => ownShop.close());
  const sale = await openSale(stack.store);
  await ownShop.load(sale);
  await ownShop.reserve(sale, 5);
  startRelay({ lanes: () => [sale], redis: own });
  await expect.poll(() => seqOf(sale), SOON).toBe(5);
  await own.restart();
  await expect.poll(() => ownShop.reserve(sale, 5).then(() => 'sold', String), SOON).toBe('sold');
  await expect.poll(() => seqOf(sale), SOON).toBe(10);
});

test('at the end the append under way is finished and nothing more is begun', async () => {
  const sale = await openLoaded();
  const release = Promise.withResolvers<void>();
  let begun = 0;
  const slow: Pick<OrderLog, 'append' | 'bury'> = {
    bury: stack.orderLog.bury,
    async append(events) {
      begun += 1;
      await release.promise;
      return stack.orderLog.append(events);
    },
  };
  await shop.reserve(sale, 3);
  const relay = startRelay({ lanes: () => [sale], orderLog: slow });
  await expect.poll(() => begun, SOON).toBe(1);
  await shop.reserve(sale, 3);
  const ended = relay.end();
  release.resolve();
  await ended;
  expect(begun).toBe(1);
  expect(await seqOf(sale)).toBe(3);
  expect(await shop.waiting(sale)).toBe(1);
});
