// A Redis that was killed and started again on its data is not trusted before it is rebuilt.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type EmbeddedOrigin, startEmbeddedOrigin } from '../reserve/embedded-origin.ts';
import { buy, openSale, SOON } from '../reserve/shop-front.ts';
import { audit } from './audit.ts';
import { type BreakableRedis, startBreakableRedis } from './breakable-redis.ts';
import { people, startRush } from './rush.ts';

let redis: BreakableRedis;
let origin: EmbeddedOrigin;
beforeEach(async () => {
  redis = await startBreakableRedis();
  origin = await startEmbeddedOrigin(redis);
});
afterEach(async () => {
  await origin.close();
  await redis.close();
});

it('is away in the middle of a rush: 503 meanwhile, then it goes on by itself', async () => {
  const stock = 90;
  const sale = { ...(await openSale(origin.url, { stock, limitPerUser: 2 })), stock };
  const rush = startRush(origin.url, sale, { people: people(60) });
  await expect.poll(() => rush.bought.length, { ...SOON, interval: 1 }).toBeGreaterThan(0);
  await redis.kill();
  // All of the others may have been answered by now.
  const after = startRush(origin.url, sale, { people: people(60, 'after') });
  await expect.poll(() => after.met.get('/problems/unavailable') ?? 0, SOON).toBeGreaterThan(0);
  const meanwhile = await buy(origin.url, sale, { userId: 'late' });
  expect(meanwhile.status).toBe(503);
  expect(meanwhile.headers.get('retry-after')).toBe('1');
  await redis.start();
  await Promise.all([rush.over, after.over]);
  const bought = [...rush.bought, ...after.bought];
  expect(bought).toHaveLength(stock);
  expect(new Set([...rush.refused, ...after.refused])).toEqual(new Set(['/problems/sold-out']));
  await audit(origin, sale, { bought, redis: redis.client });
});

it('still holds each user’s limit, and knows who has bought what', async () => {
  const stock = 20;
  const sale = { ...(await openSale(origin.url, { stock, limitPerUser: 3 })), stock };
  const first = startRush(origin.url, sale, { people: people(4), quantity: 2 });
  await first.over;
  await redis.kill();
  await redis.start();
  const above = startRush(origin.url, sale, { people: people(4), quantity: 2 });
  await above.over;
  expect(above.refused).toEqual(Array(4).fill('/problems/limit-reached'));
  const upTo = startRush(origin.url, sale, { people: people(4) });
  await upTo.over;
  await audit(origin, sale, { bought: [...first.bought, ...upTo.bought], redis: redis.client });
});

it('restarted again and again sells on under ever higher epochs', async () => {
  const stock = 9;
  const sale = { ...(await openSale(origin.url, { stock })), stock };
  const bought = [];
  for (const name of ['a', 'b', 'c']) {
    const rush = startRush(origin.url, sale, { people: people(3, name) });
    await rush.over;
    bought.push(...rush.bought);
    await redis.kill();
    await redis.start();
  }
  const late = startRush(origin.url, sale, { people: ['late'] });
  await late.over;
  expect(late.refused).toEqual(['/problems/sold-out']);
  await audit(origin, sale, { bought, redis: redis.client });
  const [activity] = await origin.rows.liveActivities();
  expect(activity?.epoch).toBeGreaterThanOrEqual(4);
  expect(activity?.epochTaken).toBe(activity?.epoch);
});
