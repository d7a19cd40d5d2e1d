// Between the mark in the database and the script that sets the stock, keys are missing rightly.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SOON } from '../reserve/shop-front.ts';
import { FenceWorld } from './fence-world.ts';

let world: FenceWorld;
beforeEach(async () => {
  world = await FenceWorld.open();
  await world.startWriting();
});
afterEach(() => world.close());

it('a sale that is being loaded is not fenced, whoever asks for it meanwhile', async () => {
  const { sale, finish } = await world.beginLoad();
  expect(await world.buy(sale, 'ann')).toEqual({ kind: 'not-loaded', missing: true });
  // What is reported later is written down, so what was reported before would be too.
  const other = await world.openSale();
  await world.buy(other, 'ann');
  await world.redis.client.set(`seq:{${other.skuId}}`, '0');
  expect(await world.buy(other, 'bob')).toEqual({ kind: 'fenced', why: 'behind' });
  await expect.poll(async () => (await world.row(other)).fenceEpoch, SOON).toBe(1);
  await finish();
  expect(await world.buy(sale, 'ann')).toMatchObject({ kind: 'reserved' });
  expect(await world.row(sale)).toMatchObject({ epoch: 1, fenceEpoch: 0 });
});

it('one whose load was cut off is rebuilt, and sells', async () => {
  const { sale } = await world.beginLoad();
  expect(await world.buy(sale, 'ann')).toEqual({ kind: 'not-loaded', missing: true });
  await world.lead(1);
  expect(await world.buyAtLast(sale, 'ann')).toMatchObject({ kind: 'reserved' });
  expect((await world.row(sale)).epoch).toBe(2);
});
