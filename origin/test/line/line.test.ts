import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { edgeKeys, inventoryKeys } from '../../../shared/keys.ts';
import { LineWorld } from './line-world.ts';

let world: LineWorld;
beforeAll(async () => {
  world = await LineWorld.open();
  await world.lead(1);
});
afterAll(() => world.close());

const WITHIN = { timeout: 15_000 };

describe('the status document', () => {
  it('of a new activity stands within a second, with a clock at zero', async () => {
    const sale = await world.create({ startsInMs: 60_000 });
    await expect
      .poll(() => world.status(sale.skuId), WITHIN)
      .toMatchObject({
        activityId: sale.activityId,
        state: 'SCHEDULED',
        joinable: false,
        soldOut: false,
        stockBand: 'some',
        clock: { virtualAt: 0, version: 0 },
      });
    expect(await world.edge.exists(edgeKeys.lineClock(sale.skuId))).toBe(0);
  });

  it('of a loaded activity opens its line, and runs from its start on', async () => {
    const later = await world.create({ startsInMs: 60_000 });
    await world.load(later);
    await expect
      .poll(() => world.status(later.skuId), WITHIN)
      .toMatchObject({
        state: 'LOADED',
        clock: { virtualAt: 0, term: 1, version: 1 },
      });
    expect((await world.admit(later, 'early')).word).toBe('not_open');
    const sale = await world.create({ startsInMs: 1_500 });
    await world.load(sale);
    await expect.poll(async () => (await world.status(sale.skuId))?.state, WITHIN).toBe('RUNNING');
    expect((await world.status(sale.skuId))?.joinable).toBe(true);
    expect((await world.admit(sale, 'first')).word).toBe('enter');
  });

  it('tells who waits, what is left and that it is sold out', async () => {
    const sale = await world.create({ startsInMs: -1_000 }, 1_000);
    await world.load(sale);
    await expect.poll(async () => (await world.status(sale.skuId))?.joinable, WITHIN).toBe(true);
    // People come, twice as fast as they are called, until the document tells of them.
    let people = 0;
    const waiting = async () => {
      people += 1;
      await world.admit(sale, `u${people}`);
      return (await world.status(sale.skuId))?.waiting;
    };
    await expect.poll(waiting, { ...WITHIN, interval: 20 }).toBeGreaterThan(0);
    await expect.poll(async () => (await world.status(sale.skuId))?.waiting, WITHIN).toBe(0);
    await world.link.redis.set(inventoryKeys.stock(sale.skuId), '2', 'KEEPTTL');
    await expect.poll(async () => (await world.status(sale.skuId))?.stockBand, WITHIN).toBe('low');
    await world.link.redis.set(inventoryKeys.stock(sale.skuId), '0', 'KEEPTTL');
    await expect
      .poll(() => world.status(sale.skuId), WITHIN)
      .toMatchObject({
        ...{ stockBand: 'none', soldOut: true, joinable: false, unitsMayReturn: false },
      });
  });

  it('keeps the last counts while the fence is closed', async () => {
    const sale = await world.create({ startsInMs: -1_000 });
    await world.load(sale);
    await world.link.redis.set(inventoryKeys.stock(sale.skuId), '1', 'KEEPTTL');
    await expect.poll(async () => (await world.status(sale.skuId))?.stockBand, WITHIN).toBe('low');
    await world.link.redis.hset(inventoryKeys.activity(sale.skuId), 'fence', '1 2 run closed');
    await world.link.redis.set(inventoryKeys.stock(sale.skuId), '0', 'KEEPTTL');
    const { version = 0 } = (await world.status(sale.skuId)) ?? {};
    await expect
      .poll(async () => (await world.status(sale.skuId))?.version ?? 0, WITHIN)
      .toBeGreaterThan(version + 500);
    expect(await world.status(sale.skuId)).toMatchObject({ stockBand: 'low', soldOut: false });
  });

  it('ends with the activity and outlives it by days', async () => {
    const sale = await world.create({ startsInMs: -1_000, endsInMs: 800 });
    await world.load(sale);
    await expect.poll(async () => (await world.status(sale.skuId))?.state, WITHIN).toBe('ENDED');
    expect((await world.status(sale.skuId))?.joinable).toBe(false);
    expect(await world.edge.ttl(edgeKeys.saleStatus(sale.skuId))).toBeGreaterThan(6 * 86_400);
  });
});

describe('a change of leader', () => {
  it('keeps virtual time, takes the clock and lets versions grow', async () => {
    const sale = await world.create({ startsInMs: -5_000 });
    await world.load(sale);
    await expect.poll(async () => (await world.status(sale.skuId))?.clock.term, WITHIN).toBe(1);
    const before = await world.status(sale.skuId);
    await world.lead(2);
    await expect.poll(async () => (await world.status(sale.skuId))?.clock.term, WITHIN).toBe(2);
    const after = await world.status(sale.skuId);
    expect(after?.version).toBeGreaterThan(before?.version ?? Number.NaN);
    expect(after?.clock.virtualAt).toBeGreaterThanOrEqual(before?.clock.virtualAt ?? Number.NaN);
    expect(world.errors).toEqual([]);
  });
});
