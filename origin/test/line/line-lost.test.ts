// What the line does when one of its stores is lost or away.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LineWorld } from './line-world.ts';

let world: LineWorld;
beforeAll(async () => {
  world = await LineWorld.open(500);
  await world.lead(1);
});
afterAll(() => world.close());

const WITHIN = { timeout: 10_000 };

async function openSale() {
  const sale = await world.create({ startsInMs: -1_000 });
  await world.load(sale);
  await expect.poll(async () => (await world.status(sale.skuId))?.joinable, WITHIN).toBe(true);
  return sale;
}

describe('the edge Redis', () => {
  it('emptied: the line goes on behind the highest turn, virtual time does not go back', async () => {
    const sale = await openSale();
    const turns = [];
    for (let user = 0; user < 30; user += 1) turns.push((await world.admit(sale, `u${user}`)).turn);
    const highest = Math.max(...turns);
    const saved = async () => (await world.store.findActivity(sale.activityId))?.frontier;
    await expect.poll(saved, WITHIN).toBe(highest);
    const before = (await world.store.findActivity(sale.activityId))?.virtualAt ?? Number.NaN;
    await world.edge.flushall();
    // A round that was under way may write its document once more before the line stands again.
    const later = async () => (await world.admit(sale, 'later')).turn;
    await expect.poll(later, WITHIN).toBeGreaterThan(highest);
    const clock = async () => (await world.status(sale.skuId))?.clock;
    await expect.poll(clock, WITHIN).toBeDefined();
    expect((await clock())?.virtualAt).toBeGreaterThanOrEqual(before);
  });

  it('emptied while nobody led: the next leader goes on from the database', async () => {
    const sale = await openSale();
    const turns = [];
    for (let user = 0; user < 30; user += 1) turns.push((await world.admit(sale, `u${user}`)).turn);
    const highest = Math.max(...turns);
    const saved = async () => (await world.store.findActivity(sale.activityId))?.frontier;
    await expect.poll(saved, WITHIN).toBe(highest);
    await world.stopLeading();
    await world.edge.flushall();
    await world.registry.refresh();
    await world.lead(2);
    await expect.poll(async () => (await world.status(sale.skuId))?.clock.term, WITHIN).toBe(2);
    expect((await world.admit(sale, 'later')).turn).toBeGreaterThan(highest);
  });

  it('away: nothing is lost, and documents come again by themselves', async () => {
    const sale = await openSale();
    const { version = 0 } = (await world.status(sale.skuId)) ?? {};
    const { length } = world.errors;
    world.servers.edge.kill('SIGSTOP');
    await expect.poll(() => world.errors.length, WITHIN).toBeGreaterThan(length);
    world.servers.edge.kill('SIGCONT');
    const newer = async () => (await world.status(sale.skuId))?.version ?? 0;
    await expect.poll(newer, WITHIN).toBeGreaterThan(version + 1_000);
  });
});

describe('the inventory Redis', () => {
  it('away: a loaded sale keeps its document as it is, a scheduled one goes on', async () => {
    const sale = await openSale();
    const other = await world.create({ startsInMs: 600_000 });
    await expect.poll(() => world.status(other.skuId), WITHIN).toBeDefined();
    world.servers.inventory.kill('SIGSTOP');
    const { length } = world.errors;
    await expect.poll(() => world.errors.length, WITHIN).toBeGreaterThan(length);
    const { version } = (await world.status(sale.skuId)) ?? {};
    const { version: scheduled = 0 } = (await world.status(other.skuId)) ?? {};
    const later = async () => (await world.status(other.skuId))?.version ?? 0;
    await expect.poll(later, WITHIN).toBeGreaterThan(scheduled);
    expect((await world.status(sale.skuId))?.version).toBe(version);
    world.servers.inventory.kill('SIGCONT');
    const again = async () => (await world.status(sale.skuId))?.version ?? 0;
    await expect.poll(again, WITHIN).toBeGreaterThan(version ?? 0);
  });
});
