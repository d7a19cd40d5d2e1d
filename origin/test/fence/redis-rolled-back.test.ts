// A Redis that comes back with an older state of itself would give out numbers and units again.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type EmbeddedOrigin, startEmbeddedOrigin } from '../reserve/embedded-origin.ts';
import { openSale, type Sale, statusOf } from '../reserve/shop-front.ts';
import { audit, untilRecorded } from './audit.ts';
import { type BreakableRedis, startBreakableRedis } from './breakable-redis.ts';
import { people, startRush } from './rush.ts';

const STOCK = 40;
let redis: BreakableRedis;
let origin: EmbeddedOrigin;
let sale: Sale & { readonly stock: number };
beforeEach(async () => {
  redis = await startBreakableRedis();
  origin = await startEmbeddedOrigin(redis);
  sale = { ...(await openSale(origin.url, { stock: STOCK, limitPerUser: 2 })), stock: STOCK };
});
afterEach(async () => {
  await origin.close();
  await redis.close();
});

async function rollBackTo(copy: string): Promise<void> {
  await redis.kill();
  redis.putBack(copy);
  await redis.start();
}

it('sells nothing twice: what was sold after the copy is known from the database', async () => {
  const before = startRush(origin.url, sale, { people: people(10, 'before') });
  await before.over;
  await untilRecorded(origin, before.bought);
  const copy = redis.copy();
  const after = startRush(origin.url, sale, { people: people(10, 'after'), quantity: 2 });
  await after.over;
  await untilRecorded(origin, after.bought);

  await rollBackTo(copy);
  for (const { purchase } of after.bought) {
    const shown = await statusOf(origin.url, purchase.orderId, { sub: purchase.userId });
    expect(shown).toMatchObject({ status: 200, body: { status: 'PENDING', persisted: true } });
  }
  const above = startRush(origin.url, sale, { people: people(10, 'after') });
  await above.over;
  expect(above.refused).toEqual(Array(10).fill('/problems/limit-reached'));
  const rest = startRush(origin.url, sale, { people: people(30, 'rest') });
  await rest.over;
  expect(rest.bought).toHaveLength(10);
  const bought = [...before.bought, ...after.bought, ...rest.bought];
  await audit(origin, sale, { bought, redis: redis.client });
});

it('repeats events of the copy’s outbox without effect', async () => {
  const rush = startRush(origin.url, sale, { people: people(30) });
  await expect.poll(() => rush.bought.length, { timeout: 10_000, interval: 1 }).toBeGreaterThan(4);
  // In the middle of it, some events of the copy are on their way to the database.
  const copy = redis.copy();
  await rush.over;
  await untilRecorded(origin, rush.bought);
  await rollBackTo(copy);
  const rest = startRush(origin.url, sale, { people: people(20, 'rest') });
  await rest.over;
  expect(rest.bought).toHaveLength(10);
  await audit(origin, sale, { bought: [...rush.bought, ...rest.bought], redis: redis.client });
});

it('rolled back twice to the same copy is rebuilt twice', async () => {
  const first = startRush(origin.url, sale, { people: people(5, 'a') });
  await first.over;
  const copy = redis.copy();
  const bought = [...first.bought];
  for (const name of ['b', 'c']) {
    const rush = startRush(origin.url, sale, { people: people(5, name) });
    await rush.over;
    bought.push(...rush.bought);
    await untilRecorded(origin, bought);
    await rollBackTo(copy);
  }
  const last = startRush(origin.url, sale, { people: people(5, 'd') });
  await last.over;
  await audit(origin, sale, { bought: [...bought, ...last.bought], redis: redis.client });
});
