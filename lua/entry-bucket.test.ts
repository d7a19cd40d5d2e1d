// The entry bucket in real time: what the origin gets at most. TIME goes on while a test runs, so
// each count is held between what was due before and what is due after.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Redis } from '../origin/redis/client.ts';
import { edgeKeys } from '../shared/keys.ts';
import { mintUlid } from '../shared/order-id.ts';
import { admit, holdAt, setClock, setEntryTokens } from './line-under-test.ts';
import { placeText } from './place-text.ts';
import { newSku, openRedis, RATHER_LONG_MS, redisNow } from './real-redis.ts';

let redis: Redis;
beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.disconnect());

const ulid = () => mintUlid(Date.now());
const TOKEN = 10_000;
const HOUR = RATHER_LONG_MS;

interface Case {
  readonly capacity: number;
  readonly kind: 'first' | 'again';
  /** Stored tokens, and how long ago they were. */
  readonly tokens: number;
  readonly agoMs: number;
}

/** How many of 30 people enter at a rate of one per second, and the least and most it may be. */
async function enter({ capacity, kind, tokens, agoMs }: Case) {
  const terms = { rate: 1, capacity, windowMs: HOUR, queueLimit: 1_000 };
  const line = { skuId: newSku(), activityId: ulid(), terms };
  const [users, bucket] = [
    Array.from({ length: 30 }, (_, index) => `u${index}`),
    `${TOKEN * tokens}`,
  ];
  await setClock(redis, line, { virtualAt: HOUR, startsInMs: -HOUR });
  const before = await redisNow(redis);
  const lifetime = before + HOUR;
  const stored = kind === 'first' ? `${bucket} 0` : `0 ${bucket}`;
  await redis.set(
    edgeKeys.entryBucket(line.skuId),
    `${stored} ${before - agoMs}`,
    'PXAT',
    lifetime,
  );
  const enteredAt = kind === 'first' ? 0 : before - 10_000;
  for (const user of users) {
    const held = { ulid: ulid(), turn: 0, until: 9 * HOUR, enteredAt };
    const place = placeText(line.activityId, held);
    await redis.set(edgeKeys.place(line.skuId, user), place, 'PXAT', lifetime);
  }
  const words = [];
  for (const userKey of users)
    words.push((await admit(redis, line, { userKey, freshUlid: ulid() }))[0]);
  const perMs = kind === 'first' ? 11 : 1;
  const due = (elapsedMs: number) => tokens + Math.floor((perMs * Math.max(0, elapsedMs)) / TOKEN);
  const tookMs = (await redisNow(redis)) - before;
  return { words, entered: words.filter((word) => word === 'enter').length, due, tookMs };
}

describe('the entry bucket', () => {
  it('refills first entries at 1.1 times the rate', async () => {
    const agoMs = 10_500;
    const { entered, due, tookMs, words } = await enter({
      capacity: 100,
      kind: 'first',
      tokens: 1,
      agoMs,
    });
    expect(entered).toBeGreaterThanOrEqual(due(agoMs));
    expect(entered).toBeLessThanOrEqual(due(agoMs + tookMs));
    expect(due(agoMs)).toBe(12);
    expect(words).toContain('ready');
  });

  it('refills repeats at a tenth of the rate', async () => {
    const agoMs = 35_000;
    const { entered, due, tookMs, words } = await enter({
      capacity: 100,
      kind: 'again',
      tokens: 1,
      agoMs,
    });
    expect(entered).toBeGreaterThanOrEqual(due(agoMs));
    expect(entered).toBeLessThanOrEqual(due(agoMs + tookMs));
    expect(due(agoMs)).toBe(4);
    expect(words).toContain('confirming');
  });

  it('holds nine tenths of the capacity for first entries and a tenth for repeats', async () => {
    const first = await enter({ capacity: 20, kind: 'first', tokens: 0, agoMs: HOUR });
    expect(first.entered).toBeGreaterThanOrEqual(18);
    expect(first.entered).toBeLessThanOrEqual(18 + first.due(first.tookMs));
    const again = await enter({ capacity: 20, kind: 'again', tokens: 0, agoMs: HOUR });
    expect(again.entered).toBeGreaterThanOrEqual(2);
    expect(again.entered).toBeLessThanOrEqual(2 + again.due(again.tookMs));
  });

  it('holds one of each where the capacity is one', async () => {
    for (const kind of ['first', 'again'] as const) {
      const one = await enter({ capacity: 1, kind, tokens: 0, agoMs: HOUR });
      expect(one.entered).toBeGreaterThanOrEqual(1);
      expect(one.entered).toBeLessThanOrEqual(1 + one.due(one.tookMs));
    }
  });

  it('neither gains nor loses tokens when the server’s time went back', async () => {
    for (const kind of ['first', 'again'] as const) {
      const { entered, due, tookMs } = await enter({
        ...{ capacity: 100, kind, tokens: 3, agoMs: -HOUR },
      });
      expect(entered).toBeGreaterThanOrEqual(3);
      expect(entered).toBeLessThanOrEqual(due(tookMs));
    }
  });

  it('tells when it last turned a called place away, and keeps that', async () => {
    const terms = { rate: 10, capacity: 1, windowMs: HOUR, queueLimit: 1_000 };
    const line = { skuId: newSku(), activityId: ulid(), terms };
    await setClock(redis, line);
    await holdAt(redis, line.skuId, 0);
    const key = edgeKeys.entryBucket(line.skuId);
    const refusedAt = async () => Number((await redis.get(key))?.split(' ')[3] ?? 0);
    expect((await admit(redis, line, { userKey: 'a', freshUlid: ulid() }))[0]).toBe('enter');
    expect(await refusedAt()).toBe(0);
    await holdAt(redis, line.skuId, 1_000);
    const before = await redisNow(redis);
    await setEntryTokens(redis, line.skuId, 'none');
    expect((await admit(redis, line, { userKey: 'b', freshUlid: ulid() }))[0]).toBe('ready');
    const at = await refusedAt();
    expect(at).toBeGreaterThanOrEqual(before);
    expect(at).toBeLessThanOrEqual(await redisNow(redis));
    await redis.set(key, `10000 0 ${before} ${at}`, 'KEEPTTL');
    expect((await admit(redis, line, { userKey: 'b', freshUlid: ulid() }))[0]).toBe('enter');
    expect(await refusedAt()).toBe(at);
  });
});
