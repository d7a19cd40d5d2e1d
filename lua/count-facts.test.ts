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

function subject() {
  const tag = newSku();
  const keys = [`facts:{${tag}}:user`, `facts:{${tag}}:a`, `facts:{${tag}}:b`];
  const count = (tags: string, ...members: string[]) =>
    script.run(redis, keys.slice(0, 1 + members.length), [LIFETIME_MS, tags, ...members]);
  return { keys, count };
}

it('counts different members, each key its own, and tells them in order', async () => {
  const { count } = subject();
  expect(await count('', 'one', 'one')).toEqual([1, 1]);
  expect(await count('', 'two', 'one')).toEqual([2, 1]);
  expect(await count('', 'one', 'two')).toEqual([2, 2]);
});

it('counts what was seen with a user by its kind, at most eight of each', async () => {
  const { count } = subject();
  expect(await count('dA n1')).toEqual([1, 1]);
  expect(await count('dA n2')).toEqual([1, 2]);
  expect(await count('dB n1')).toEqual([2, 2]);
  for (let network = 3; network < 20; network += 1) await count(`n${network}`);
  expect(await count('dB n99')).toEqual([2, 8]);
});

it('only tells, and leaves no key, where there is nothing to add', async () => {
  const { keys, count } = subject();
  expect(await count('', '', '')).toEqual([0, 0]);
  expect(await redis.exists(...keys)).toBe(0);
});

it('forgets when nothing new has come for a lifetime', async () => {
  const { keys, count } = subject();
  const [user = '', hyperLogLog = ''] = keys;
  const lifetimes = async () => [await redis.pttl(user), await redis.pttl(hyperLogLog)];
  await count('dA', 'one');
  for (const ttl of await lifetimes()) expect(ttl).toBeGreaterThan(LIFETIME_MS - 5_000);
  for (const key of [user, hyperLogLog]) await redis.pexpire(key, 20_000);
  await count('dA', 'one');
  for (const ttl of await lifetimes()) expect(ttl).toBeLessThanOrEqual(20_000);
  await count('dB', 'two');
  for (const ttl of await lifetimes()) expect(ttl).toBeGreaterThan(LIFETIME_MS - 5_000);
});
