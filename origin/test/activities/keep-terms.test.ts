// The job `adjust`: what the database wants is so in Redis in the end, or the database takes it back.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { inventoryKeys } from '../../../shared/keys.ts';
import { runKeepTerms } from '../../activities/keep-terms.ts';
import { createNudge } from '../../nudge.ts';
import { luaScript } from '../../redis/lua.ts';
import type { ChangeActivity } from '../../store/activities-port.ts';
import { FenceWorld } from '../fence/fence-world.ts';
import type { Sale } from '../reserve/shop-front.ts';

const SOON = { timeout: 10_000, interval: 20 };

let world: FenceWorld;
let leading: AbortController;
let job: Promise<void>;
let sale: Sale;
const nudge = createNudge();

beforeAll(async () => {
  world = await FenceWorld.open();
  await world.startWriting();
  await world.lead(1);
  leading = new AbortController();
  const { store, link } = world.dependencies;
  job = runKeepTerms(
    { job: 'adjust', term: 1, signal: leading.signal },
    {
      ...{ store, link, inventory: world.selling.inventory, registry: world.registry, nudge },
      ...{ script: luaScript('revise'), onError: (error: unknown) => world.errors.push(error) },
    },
  );
});
afterAll(async () => {
  leading.abort();
  await job;
  await world.close();
});
beforeEach(async () => {
  sale = await world.openSale({ stock: 5, limitPerUser: 1 });
});

/** In the database alone, as by an instance that died behind it. */
async function edit(members: ChangeActivity['members']): Promise<void> {
  const { activityId, version } = await world.row(sale);
  const made = { activityId, version, members, now: Date.now() };
  const answer = await world.dependencies.store.changeActivity({
    ...made,
    ...{ action: 'replace', actor: 'ada' },
  });
  expect(answer.kind).toBe('changed');
  await world.registry.refresh();
  nudge.nudge();
}

const facts = (...names: readonly string[]) =>
  world.dependencies.link.redis.hmget(inventoryKeys.activity(sale.skuId), ...names);
const effectiveStock = async () => (await world.row(sale)).applied.stock;

it('an edit whose instance died reaches Redis, and its stock comes into force with its event', async () => {
  const endAt = Date.now() + 7_200_000;
  await edit({ stock: 8, endAt, paused: true });
  await expect.poll(() => facts('total', 'endAt', 'paused'), SOON).toEqual(['8', `${endAt}`, '1']);
  await expect.poll(effectiveStock, SOON).toBe(8);
  expect(await world.buy(sale, 'ann')).toMatchObject({ kind: 'paused' });
  await edit({ paused: false });
  await expect.poll(() => facts('paused'), SOON).toEqual(['0']);
  expect(await world.buyAtLast(sale, 'ann')).toMatchObject({ kind: 'reserved' });
});

it('a later end lets all keys of the sale live longer, those that count lapses too', async () => {
  const { redis } = world.dependencies.link;
  const { activity, lapsed } = inventoryKeys;
  await redis.hset(lapsed(sale.skuId), 'ann', 1);
  await redis.pexpire(lapsed(sale.skuId), 60_000);
  const endAt = Date.now() + 30 * 86_400_000;
  await edit({ endAt });
  await expect.poll(() => facts('endAt'), SOON).toEqual([`${endAt}`]);
  const [until, those] = await Promise.all(
    [activity, lapsed].map((key) => redis.pexpiretime(key(sale.skuId))),
  );
  expect(until).toBeGreaterThan(endAt);
  expect(those).toBe(until);
});

it('a wish below what is sold is taken back, under an audit row of its own', async () => {
  for (const user of ['ann', 'bob', 'cem']) await world.buyAtLast(sale, user);
  await edit({ stock: 2 });
  await expect.poll(async () => (await world.row(sale)).stock, SOON).toBe(5);
  const history = await world.dependencies.store.activityHistory(sale.activityId);
  expect(history.slice(-2)).toMatchObject([
    { action: 'replace', actor: 'ada', diff: { stock: [5, 2] } },
    { action: 'adjust', actor: 'system', diff: { stock: [2, 5] } },
  ]);
  expect(await facts('total')).toEqual(['5']);
});

it('terms that a rebuild wrote from an older row are put right', async () => {
  await edit({ stock: 9, title: 'New' });
  await expect.poll(effectiveStock, SOON).toBe(9);
  const { redis } = world.dependencies.link;
  const key = inventoryKeys.activity(sale.skuId);
  await redis.hset(key, 'endAt', '1', 'paused', '1', 'total', '9');
  await expect.poll(() => facts('paused'), SOON).toEqual(['0']);
  expect(await world.buyAtLast(sale, 'ann')).toMatchObject({ kind: 'reserved' });
});

it('a Redis that lost everything has the edit after its rebuild', async () => {
  await edit({ stock: 7 });
  await expect.poll(effectiveStock, SOON).toBe(7);
  await world.dependencies.link.redis.flushall();
  await edit({ stock: 6, paused: true });
  await expect.poll(() => facts('total', 'paused', 'fence'), SOON).toEqual(['6', '1', '']);
  await expect.poll(effectiveStock, SOON).toBe(6);
});
