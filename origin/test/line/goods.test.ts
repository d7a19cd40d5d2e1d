// The clock and the goods, on real Redis.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { edgeKeys, inventoryKeys } from '../../../shared/keys.ts';
import { parseCallLog } from '../../line/calls/call-log.ts';
import { dueScore } from '../../orders/order-batch.ts';
import { LineWorld } from './line-world.ts';

let world: LineWorld;
beforeAll(async () => {
  world = await LineWorld.open();
  await world.lead(1);
});
afterAll(() => world.close());

const WITHIN = { timeout: 15_000 };
type Sale = Awaited<ReturnType<LineWorld['create']>>;

async function openSale(people: number, stock = 20): Promise<Sale> {
  const sale = await world.create({ startsInMs: -1_000 }, stock);
  await world.load(sale);
  await expect.poll(async () => (await world.status(sale.skuId))?.joinable, WITHIN).toBe(true);
  await Promise.all(Array.from({ length: people }, (_, user) => world.admit(sale, `u${user}`)));
  return sale;
}

const logOf = async ({ skuId }: Sale) =>
  parseCallLog((await world.edge.get(edgeKeys.callLog(skuId))) ?? undefined);
const calledIn = async (sale: Sale) => (await logOf(sale))?.total ?? 0;
const clockOf = ({ skuId }: Sale) => world.edge.hgetall(edgeKeys.lineClock(skuId));

/** Nobody is called until the leader moves the clock on. */
async function isStanding({ skuId }: Sale): Promise<boolean> {
  const clock = (await world.status(skuId))?.clock;
  return clock !== undefined && clock.virtualUntil <= clock.virtualAt;
}

describe('the clock', () => {
  it('calls as many people as units reach, and counts who comes', async () => {
    const sale = await openSale(60);
    // 20 units for those who need not wait and for those who are called; nobody has reserved.
    await expect.poll(() => calledIn(sale), WITHIN).toBeGreaterThan(8);
    await expect.poll(() => isStanding(sale), WITHIN).toBe(true);
    const called = await calledIn(sale);
    expect(called).toBeLessThanOrEqual(20);
    const words = [];
    for (let user = 0; user < 60; user += 1) words.push((await world.admit(sale, `u${user}`)).word);
    const comers = words.filter((word) => word === 'enter' || word === 'ready').length;
    expect(comers).toBeGreaterThanOrEqual(called);
    await expect.poll(async () => (await logOf(sale))?.totalCame, WITHIN).toBe(called);
    expect(await world.edge.exists(edgeKeys.came(sale.skuId))).toBe(0);
  });

  it('stands without units, and moves on for those who wait when some return', async () => {
    const sale = await openSale(40);
    await world.link.redis.set(inventoryKeys.stock(sale.skuId), '0', 'KEEPTTL');
    await expect.poll(() => isStanding(sale), WITHIN).toBe(true);
    const stood = await calledIn(sale);
    const since = Date.now();
    await world.link.redis.set(inventoryKeys.stock(sale.skuId), '9', 'KEEPTTL');
    await expect.poll(() => calledIn(sale), { timeout: 60_000 }).toBeGreaterThan(stood);
    // Those who were called and found nothing had five seconds to ask again.
    expect(Date.now() - since).toBeGreaterThan(4_000);
  }, 90_000);

  it('tells what may return, and takes newcomers while fewer wait than units are held', async () => {
    const sale = await openSale(0);
    const { activity, stock, pending } = inventoryKeys;
    const payBy = Date.now() + 60_000;
    const due = [dueScore(payBy, 1), 'a', dueScore(payBy + 5_000, 1), 'b'] as const;
    await world.link.redis.zadd(pending(sale.skuId), ...due);
    await world.link.redis.hset(activity(sale.skuId), 'pending', 2);
    await world.link.redis.set(stock(sale.skuId), '0', 'KEEPTTL');
    await expect
      .poll(() => world.status(sale.skuId), WITHIN)
      .toMatchObject({
        ...{ stockBand: 'none', soldOut: false, joinable: true, unitsMayReturn: true },
        ...{ held: 2, nextReturnAt: payBy },
      });
    for (const user of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) await world.admit(sale, user);
    await expect
      .poll(() => world.status(sale.skuId), WITHIN)
      .toMatchObject({ soldOut: true, joinable: false, unitsMayReturn: true });
    await world.link.redis.del(pending(sale.skuId));
    await world.link.redis.hset(activity(sale.skuId), 'pending', 0);
    await expect
      .poll(() => world.status(sale.skuId), WITHIN)
      .toMatchObject({ soldOut: true, unitsMayReturn: false, held: 0, nextReturnAt: null });
  });

  it('tells waits that come true, and scores them', async () => {
    const { length } = world.scores;
    await openSale(150, 1_000);
    const scored = () => world.scores.length - length;
    await expect.poll(scored, { timeout: 40_000 }).toBeGreaterThanOrEqual(4);
    for (const { relativeError, isInRange } of world.scores.slice(length)) {
      expect(isInRange).toBe(true);
      expect(relativeError).toBeLessThan(0.1);
    }
  }, 60_000);

  it('goes as fast as an operator has pinned it', async () => {
    const sale = await openSale(0);
    await world.store.pinSpeed({ activityId: sale.activityId, speed: 0.25 });
    await world.wake();
    await expect
      .poll(() => clockOf(sale), WITHIN)
      .toMatchObject({ speed: '0.25', reason: 'pinned' });
  });

  it('slows down when an origin is pressed, and says why', async () => {
    const sale = await openSale(0);
    const report = async () => {
      const load = { at: Date.now(), eventLoopMs: 0, reserveMs: 5_000, backlog: 0, refused: 0 };
      await world.edge.hset(edgeKeys.originLoad, 'origin-1', JSON.stringify(load));
      const { speed, reason } = await clockOf(sale);
      return { isSlow: Number(speed) < 0.8, reason };
    };
    await expect.poll(report, WITHIN).toEqual({ isSlow: true, reason: 'reserve' });
    await world.edge.del(edgeKeys.originLoad);
  });
});
