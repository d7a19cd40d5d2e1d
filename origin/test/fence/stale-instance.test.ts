// An instance that has not heard of a rebuild sells nothing under the old epoch, and mends itself.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ActivityRegistry, startRegistry } from '../../activities/registry.ts';
import type { Reserver } from '../../reserve/reserver.ts';
import { type Sale, SOON } from '../reserve/shop-front.ts';
import { countersOf } from './audit.ts';
import { buyFrom, FenceWorld, reserverOf } from './fence-world.ts';

let world: FenceWorld;
let sale: Sale;
let stale: ActivityRegistry;
let late: Reserver;
beforeEach(async () => {
  world = await FenceWorld.open();
  await world.startWriting();
  sale = await world.openSale({ stock: 10, capacity: 1, limitPerUser: 1 });
  stale = await startRegistry(world.dependencies.store, () => undefined);
  // It reads the database only when it is told to.
  stale.close();
  late = reserverOf(world.dependencies, stale);
});
afterEach(() => world.close());

it('is fenced once, reads what is true now, and sells', async () => {
  expect(await buyFrom(late, sale, 'ann')).toMatchObject({ kind: 'reserved' });
  await world.untilApplied(sale, { epoch: 1, seq: 1 });
  expect(await world.rebuild(sale, { term: 1 })).toMatchObject({ kind: 'opened', epoch: 2 });
  expect(stale.byId(sale.activityId)?.epoch).toBe(1);

  expect(await buyFrom(late, sale, 'bob')).toEqual({ kind: 'fenced', why: 'stale' });
  await expect.poll(() => stale.byId(sale.activityId)?.epoch, SOON).toBe(2);
  expect(await buyFrom(late, sale, 'bob')).toMatchObject({ kind: 'reserved' });
  expect(await buyFrom(late, sale, 'ann')).toEqual({ kind: 'limit-reached' });
  expect(await countersOf(world.redis.client, sale)).toEqual({ left: 8, sold: 2 });
  // Lateness is no fault of the data: nobody asks for another rebuild.
  expect((await world.row(sale)).fenceEpoch).toBe(0);
});

it('does not hold numbers of the old epoch against the new one', async () => {
  for (const userId of ['ann', 'bob', 'cid']) await buyFrom(late, sale, userId);
  await world.untilApplied(sale, { epoch: 1, seq: 3 });
  await world.rebuild(sale, { term: 1 });
  await world.registry.refresh();
  expect(await world.buy(sale, 'dan')).toMatchObject({ kind: 'reserved', order: { seq: 1 } });
  await expect.poll(async () => (await buyFrom(late, sale, 'eve')).kind, SOON).toBe('reserved');
});

it('asks for a rebuild when the server answers with less than was seen', async () => {
  await world.buy(sale, 'ann');
  await world.untilApplied(sale, { epoch: 1, seq: 1 });
  await world.redis.client.set(`seq:{${sale.skuId}}`, '0');
  expect(await world.buy(sale, 'bob')).toEqual({ kind: 'fenced', why: 'behind' });
  const wanted = async () => (await world.row(sale)).fenceReason;
  await expect.poll(wanted, SOON).toBe('redis-behind');
  await world.lead(1);
  expect(await world.buyAtLast(sale, 'bob')).toMatchObject({ kind: 'reserved' });
  expect(await countersOf(world.redis.client, sale)).toEqual({ left: 8, sold: 2 });
});
