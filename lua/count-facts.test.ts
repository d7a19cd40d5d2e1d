import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Redis } from '../origin/redis/client.ts';
import { luaScript } from '../origin/redis/lua.ts';
import { newSku, openRedis } from './real-redis.ts';

let redis: Redis;
beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.disconnect());

const script = luaScript('count-facts');
const LIFETIME_MS = 60_000;

it('counts different members, each key its own, and tells them in order', async () => {
  const tag = newSku();
  const keys = [`facts:{${tag}}:a`, `facts:{${tag}}:b`];
  const count = (...members: string[]) => script.run(redis, keys, [LIFETIME_MS, ...members]);
  expect(await count('one', 'one')).toEqual([1, 1]);
  expect(await count('two', 'one')).toEqual([2, 1]);
  expect(await count('one', 'two')).toEqual([2, 2]);
});

it('only tells, and leaves no key, where there is nothing to add', async () => {
  const key = `facts:{${newSku()}}:a`;
  expect(await script.run(redis, [key], [LIFETIME_MS, ''])).toEqual([0]);
  expect(await redis.exists(key)).toBe(0);
});

it('forgets when nothing new has come for a lifetime', async () => {
  const key = `facts:{${newSku()}}:a`;
  await script.run(redis, [key], [LIFETIME_MS, 'one']);
  expect(await redis.pttl(key)).toBeGreaterThan(LIFETIME_MS - 5_000);
  await redis.pexpire(key, 1_000);
  await script.run(redis, [key], [LIFETIME_MS, 'one']);
  expect(await redis.pttl(key)).toBeLessThanOrEqual(1_000);
  await script.run(redis, [key], [LIFETIME_MS, 'two']);
  expect(await redis.pttl(key)).toBeGreaterThan(LIFETIME_MS - 5_000);
});
