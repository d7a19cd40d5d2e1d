// What the writer finds wrong in the log stands in the database and closes the fence; the rebuild
// opens it again from what the database holds.
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { RebuildEvent } from '../../fence/watch.ts';
import { type Sale, SOON } from '../reserve/shop-front.ts';
import { recordsOf } from '../store/sale-records.ts';
import { countersOf } from './audit.ts';
import { FenceWorld } from './fence-world.ts';

let world: FenceWorld;
let sale: Sale;
beforeEach(async () => {
  world = await FenceWorld.open();
  await world.startWriting();
  sale = await world.openSale({ stock: 4, capacity: 1, limitPerUser: 1 });
  for (const userId of ['ann', 'bob']) await world.buy(sale, userId);
  await world.untilApplied(sale, { epoch: 1, seq: 2 });
});
afterEach(() => world.close());

const reasons = (): string[] =>
  world.rebuilds.flatMap((event: RebuildEvent) => (event.kind === 'closed' ? [event.reason] : []));

it('a gap: something between two events is missing', async () => {
  const { reserved } = recordsOf(sale);
  const result = await world.dependencies.store.applyRecords([reserved({ n: 9, seq: 5 })]);
  expect(result.stalled).toEqual([sale.activityId]);
  await world.lead(1);
  expect(await world.buyAtLast(sale, 'ann')).toEqual({ kind: 'limit-reached' });
  await expect.poll(async () => (await world.row(sale)).epoch, SOON).toBe(2);
  expect(await world.buyAtLast(sale, 'cid')).toMatchObject({ kind: 'reserved' });
  expect(reasons()).toEqual([expect.stringMatching(/^writer: a gap behind 1-2/)]);
  expect(await countersOf(world.redis.client, sale)).toEqual({ left: 1, sold: 3 });
});

it('more reserved than there is: the last one is CANCELLED, its unit was never sold', async () => {
  const { reserved, id } = recordsOf(sale);
  const forged = [3, 4, 5].map((seq) => reserved({ n: seq, seq }));
  await world.dependencies.store.applyRecords(forged);
  expect(await world.dependencies.store.findOrder(id(5))).toMatchObject({
    status: 'CANCELLED',
    reason: 'OVERSOLD_GUARD',
  });
  await world.lead(1);
  await expect.poll(async () => (await world.row(sale)).epoch, SOON).toBe(2);
  expect(await world.buyAtLast(sale, 'cid')).toMatchObject({ kind: 'sold-out' });
  expect(await countersOf(world.redis.client, sale)).toEqual({ left: 0, sold: 4 });
  expect(await world.dependencies.store.summary(sale.activityId)).toMatchObject({ sold: 4 });
});

it('is heard once: the next epoch stands open', async () => {
  const { reserved } = recordsOf(sale);
  await world.dependencies.store.applyRecords([reserved({ n: 9, seq: 5 })]);
  await world.lead(1);
  await expect.poll(async () => (await world.row(sale)).epoch, SOON).toBe(2);
  for (const userId of ['cid', 'dan']) {
    expect(await world.buyAtLast(sale, userId)).toMatchObject({ kind: 'reserved' });
  }
  await world.untilApplied(sale, { epoch: 2, seq: 2 });
  expect((await world.row(sale)).epochTaken).toBe(2);
  expect(reasons()).toHaveLength(1);
});

it('is not heard again in rows that were read before the rebuild had ended', async () => {
  const { reserved } = recordsOf(sale);
  const { store } = world.dependencies;
  await store.applyRecords([reserved({ n: 9, seq: 5 })]);
  const [isRead, isOver] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let reads = 0;
  // Whoever reads while the rebuild is under way has its answer behind its end.
  const liveActivities = async () => {
    const isLate = reasons().length > 0;
    reads += 1;
    const rows = await store.liveActivities();
    if (isLate) isRead.resolve();
    if (isLate) await isOver.promise;
    return rows;
  };
  const openEpoch: typeof store.openEpoch = async (open) => {
    await isRead.promise;
    return await store.openEpoch(open);
  };
  await world.lead(1, {
    store: { ...store, liveActivities, openEpoch },
    onRebuild(event) {
      world.rebuilds.push(event);
      if (event.kind === 'ended') isOver.resolve();
    },
    onError(error) {
      world.errors.push(error);
      isOver.resolve();
    },
  });
  await isOver.promise;
  const before = reads;
  await expect.poll(() => reads, SOON).toBeGreaterThan(before + 2);
  expect(world.errors).toEqual([]);
  expect(await world.row(sale)).toMatchObject({ epoch: 2, epochTaken: 2 });
  expect(reasons()).toHaveLength(1);
});
