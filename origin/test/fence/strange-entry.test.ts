// An operator's hand in the outbox: whatever stands there, selling goes on by itself.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { inventoryKeys } from '../../../shared/keys.ts';
import { type Sale, SOON } from '../reserve/shop-front.ts';
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
  await world.lead(1);
});
afterEach(() => world.close());

it.each([
  { what: 'of the number that is due', id: '1-3' },
  { what: 'far ahead in this epoch', id: '1-900' },
  { what: 'of an id that Redis gave it', id: '*' },
  { what: 'of the next epoch', id: '2-0' },
])('an entry $what becomes a dead letter; everybody who is told 201 has a row', async ({ id }) => {
  const { redis, dependencies } = world;
  const outbox = inventoryKeys.outbox(sale.skuId);
  await redis.client.xadd(outbox, id, 'note', 'by hand');
  // What the outbox does not take has not happened.
  if (id === '*') {
    expect(await world.buy(sale, 'cid')).toEqual({ kind: 'ambiguous' });
    expect(await countersOf(redis.client, sale)).toEqual({ left: 2, sold: 2 });
  }
  const bought = await world.buyAtLast(sale, 'cid');
  await expect.poll(async () => (await world.row(sale)).epoch, SOON).toBeGreaterThan(1);
  expect(await world.buyAtLast(sale, 'dan')).toMatchObject({ kind: 'reserved' });
  expect(bought).toMatchObject({ kind: 'reserved' });
  await expect.poll(() => redis.client.xlen(outbox), SOON).toBe(0);

  const { activityId } = sale;
  const rows = await dependencies.store.ordersPage({ activityId, afterOrderId: '', limit: 10 });
  const users = rows.flatMap(({ userId, status }) => (status === 'PENDING' ? [userId] : []));
  expect(users.toSorted()).toEqual(['ann', 'bob', 'cid', 'dan']);
  expect(await countersOf(redis.client, sale)).toEqual({ left: 0, sold: 4 });
  const page = { activityId, afterId: 0, limit: 10, which: 'undecided' } as const;
  expect(await dependencies.store.deadLettersPage(page)).toMatchObject([
    { text: '["note","by hand"]', orderId: null },
  ]);
});
