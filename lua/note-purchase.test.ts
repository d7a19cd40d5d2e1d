import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Redis } from '../origin/redis/client.ts';
import { luaScript } from '../origin/redis/lua.ts';
import { edgeKeys } from '../shared/keys.ts';
import { newSku, openRedis } from './real-redis.ts';

let redis: Redis;
beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.disconnect());

const script = luaScript('note-purchase');
const OPENS = 1_800_000_000_000;
const LIFETIME_MS = 60_000;

interface Purchase {
  readonly atMs: number;
  readonly ageMs: number | null;
}

/** What the script answers, from the whole list of what came. */
function told(purchases: readonly Purchase[]): unknown[] {
  const times = purchases.map(({ atMs }) => atMs);
  const gaps: number[] = [];
  let last: number | undefined;
  for (const time of times) {
    if (last !== undefined) gaps.push(Math.max(0, time - last));
    last = Math.max(time, last ?? time);
  }
  const reaction = times.find((time) => time >= 0);
  const ages = purchases.flatMap(({ ageMs }) => (ageMs === null ? [] : [ageMs]));
  return [
    purchases.length,
    times.filter((time) => time < 0).length,
    reaction === undefined ? '-' : String(reaction),
    ages.length === 0 ? '-' : String(Math.min(...ages)),
    gaps.slice(-8).join(','),
  ];
}

it('tells how a user’s purchases came, whatever their order and number', async () => {
  const purchase = fc.record({
    atMs: fc.integer({ min: -100_000, max: 100_000 }),
    ageMs: fc.option(fc.nat(1_000_000)),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(purchase, { minLength: 1, maxLength: 14 }), async (purchases) => {
      const key = edgeKeys.cadence(newSku(), 'user');
      let answer: unknown;
      for (const { atMs, ageMs } of purchases) {
        const args = [OPENS + atMs, OPENS, LIFETIME_MS, ageMs === null ? '' : ageMs];
        answer = await script.run(redis, [key, edgeKeys.lineClock('nobody')], args);
      }
      expect(answer).toEqual(told(purchases));
      expect(await redis.pttl(key)).toBeGreaterThan(0);
      await redis.del(key);
    }),
    { numRuns: 100 },
  );
});

it('takes the opening from the line’s clock where the caller does not know it', async () => {
  const skuId = newSku();
  const keys = [edgeKeys.cadence(skuId, 'user'), edgeKeys.lineClock(skuId)];
  const note = (at: number) => script.run(redis, keys, [at, '', LIFETIME_MS, '']);
  expect(await note(OPENS - 5)).toEqual([1, 0, '-', '-', '']);
  await redis.hset(edgeKeys.lineClock(skuId), { startAt: OPENS });
  expect(await note(OPENS - 4)).toEqual([2, 1, '-', '-', '1']);
  expect(await note(OPENS + 5)).toEqual([3, 1, '5', '-', '1,9']);
  await redis.del(keys);
});
