import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Redis } from '../origin/redis/client.ts';
import { edgeKeys } from '../shared/keys.ts';
import { mintUlid } from '../shared/order-id.ts';
import { admit, lineKeys, setClock } from './line-under-test.ts';
import { keysWithoutLifetime, newSku, openRedis, RATHER_LONG_MS, redisNow } from './real-redis.ts';

let redis: Redis;
beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.disconnect());

const ulid = () => mintUlid(Date.now());
const terms = { rate: 100, capacity: 5, windowMs: 30_000, queueLimit: 1_000 };
const newLine = () => ({ skuId: newSku(), activityId: ulid(), terms });

async function stored(skuId: string): Promise<Record<string, number>> {
  const clock = await redis.hgetall(edgeKeys.lineClock(skuId));
  const numbers = Object.entries(clock).map(([name, text]) => [name, Number(text)]);
  return Object.fromEntries(numbers);
}

describe('set-clock', () => {
  it('opens a line with a full bucket at virtual time zero', async () => {
    const line = newLine();
    expect((await setClock(redis, line)).slice(0, 2)).toEqual(['opened', 0]);
    expect(await redis.mget(...lineKeys(line.skuId).slice(1))).toEqual(['5', '0', '0']);
    expect(await keysWithoutLifetime(redis, line.skuId)).toEqual([]);
  });

  it('keeps virtual time at zero until the start', async () => {
    const line = newLine();
    const [, virtualAt, realAt] = await setClock(redis, line, { startsInMs: RATHER_LONG_MS });
    expect(virtualAt).toBe(0);
    expect(Number(realAt)).toBeGreaterThan((await redisNow(redis)) + RATHER_LONG_MS / 2);
    expect((await setClock(redis, line, { startsInMs: RATHER_LONG_MS }))[1]).toBe(0);
  });

  it('goes on behind the highest turn given out where Redis has lost the line', async () => {
    const line = { ...newLine(), terms: { ...terms, queueLimit: 10_000 } };
    await setClock(redis, line, { virtualAt: 20_000, frontier: 50_000 });
    const [word, , turn, , virtual] = await admit(redis, line, { userKey: 'u', freshUlid: ulid() });
    expect([word, turn]).toEqual(['wait', 50_010]);
    // The turns up to there are taken for given: so many wait, and one more.
    expect((await stored(line.skuId)).waited).toBe(3_001);
    expect(Number(virtual)).toBeGreaterThanOrEqual(20_000);
    expect(Number(virtual)).toBeLessThan(50_000);
  });

  it('goes on behind the highest turn where only the bucket was lost', async () => {
    const line = newLine();
    await setClock(redis, line);
    for (const key of lineKeys(line.skuId).slice(1)) {
      await redis.del(key);
      expect((await setClock(redis, line, { frontier: 7_000 }))[0]).toBe('set');
      const [balance, last, remainder] = await redis.mget(...lineKeys(line.skuId).slice(1));
      const waiting = Math.ceil((7_000 - Number((await stored(line.skuId)).virtualAt)) / 10);
      expect([Number(balance), remainder]).toEqual([-waiting, '0']);
      // Above zero, by which the draw knows that turns were given out already.
      expect(Number(last)).toBeGreaterThan(0);
    }
  });

  it('leaves a bucket that stands as it is', async () => {
    const line = newLine();
    await setClock(redis, line);
    await admit(redis, line, { userKey: 'u', freshUlid: ulid() });
    const before = await redis.mget(...lineKeys(line.skuId).slice(1));
    await setClock(redis, line, { frontier: 90_000 });
    expect(await redis.mget(...lineKeys(line.skuId).slice(1))).toEqual(before);
  });

  it('starts anew for another activity of the SKU, whatever the term before', async () => {
    const line = newLine();
    await setClock(redis, line, { term: 9 });
    await admit(redis, line, { userKey: 'u', freshUlid: ulid() });
    const next = { ...line, activityId: ulid() };
    expect((await setClock(redis, next, { term: 3 })).slice(0, 2)).toEqual(['opened', 0]);
    expect(await redis.mget(...lineKeys(line.skuId).slice(1))).toEqual(['5', '0', '0']);
  });

  it('writes the call log, and takes off the list whom it has counted, in one step', async () => {
    const line = newLine();
    await setClock(redis, line, { term: 2 });
    const came = edgeKeys.came(line.skuId);
    const log = () => redis.get(edgeKeys.callLog(line.skuId));
    await redis.rpush(came, '10', '20', '30');
    await setClock(redis, line, { term: 2 });
    expect([await log(), await redis.lrange(came, 0, -1)]).toEqual([null, ['10', '20', '30']]);
    await setClock(redis, line, { term: 1, callLog: 'an old leader’s', counted: 3 });
    expect([await log(), await redis.llen(came)]).toEqual([null, 3]);
    await setClock(redis, line, { term: 2, callLog: 'the log', counted: 2 });
    expect([await log(), await redis.lrange(came, 0, -1)]).toEqual(['the log', ['30']]);
    await setClock(redis, { ...line, activityId: ulid() }, { term: 1 });
    expect([await log(), await redis.exists(came)]).toEqual([null, 0]);
  });

  it('never moves virtual time back, refuses lower terms and counts versions', async () => {
    const setting = fc.record({
      term: fc.integer({ min: 1, max: 4 }),
      speed: fc.constantFrom(0, 0.5, 1, 3),
      virtualUntil: fc.oneof(fc.nat({ max: 50 }), fc.constant(9e14)),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(setting, { minLength: 1, maxLength: 12 }), async (settings) => {
        const line = newLine();
        let term = 0;
        let version = 0;
        let virtualAt = 0;
        for (const change of settings) {
          const answer = await setClock(redis, line, change);
          if (change.term < term) {
            expect(answer).toEqual(['superseded', term]);
            continue;
          }
          version += 1;
          term = change.term;
          const clock = await stored(line.skuId);
          expect(answer).toEqual([
            version === 1 ? 'opened' : 'set',
            clock.virtualAt,
            clock.realAt,
            version,
          ]);
          expect(clock).toMatchObject({ term, version, speed: change.speed });
          expect(clock.virtualAt).toBeGreaterThanOrEqual(virtualAt);
          expect(clock.virtualUntil).toBe(Math.max(change.virtualUntil, Number(clock.virtualAt)));
          virtualAt = Number(clock.virtualAt);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('stops at its limit and stands still at speed 0', async () => {
    const line = newLine();
    const runs = { virtualUntil: 3, speed: 1_000 };
    await expect.poll(async () => (await setClock(redis, line, runs))[1]).toBe(3);
    const stands = { virtualUntil: 9e14, speed: 0 };
    expect((await setClock(redis, line, stands))[1]).toBe(3);
    const before = await redisNow(redis);
    await expect.poll(() => redisNow(redis)).toBeGreaterThan(before + 5);
    expect((await setClock(redis, line, stands))[1]).toBe(3);
  });
});
