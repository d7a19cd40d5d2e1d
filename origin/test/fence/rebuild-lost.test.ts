// A rebuild waits until the writer has the new epoch's event. Where that event is lost with its
// Redis, it must not wait for ever.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { inventoryKeys } from '../../../shared/keys.ts';
import { type Sale, SOON } from '../reserve/shop-front.ts';
import { countersOf } from './audit.ts';
import { FenceWorld } from './fence-world.ts';

let world: FenceWorld;
let sale: Sale;
beforeEach(async () => {
  world = await FenceWorld.open();
  sale = await world.openSale({ stock: 5, capacity: 1 });
  const { store } = world.dependencies;
  await store.requestFence({ activityId: sale.activityId, epoch: 1, reason: 'of this test' });
  await world.lead(1);
  const mark = () => world.redis.client.hget(inventoryKeys.activity(sale.skuId), 'fence');
  await expect.poll(mark, SOON).toMatch(/^1 2 \w+ announced$/);
});
afterEach(() => world.close());

it.each<[string, () => Promise<unknown>]>([
  ['emptied', () => world.redis.client.flushall()],
  [
    'replaced by an empty one',
    async () => {
      await world.redis.kill();
      world.redis.forget();
      await world.redis.start();
    },
  ],
])('starts over when Redis was %s while it waited', async (_how, lose) => {
  await lose();
  await world.startWriting();
  expect(await world.buyAtLast(sale, 'ann')).toMatchObject({ kind: 'reserved' });
  expect((await world.row(sale)).epoch).toBeGreaterThan(2);
  expect(await countersOf(world.redis.client, sale)).toEqual({ left: 4, sold: 1 });
});

it('goes on where it waited when Redis kept its data', async () => {
  await world.startWriting();
  expect(await world.buyAtLast(sale, 'ann')).toMatchObject({ kind: 'reserved' });
  expect((await world.row(sale)).epoch).toBe(2);
});
