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

const script = luaScript('forget-draw');
const draw = { activityId: 'a', seed: 's', count: 8, chain: 'c8' };

async function forget(seen: { count: number; chain: string }) {
  const key = edgeKeys.draw(newSku());
  await redis.hset(key, draw);
  const answer = await script.run(redis, [key], [seen.count, seen.chain]);
  const isThere = (await redis.exists(key)) === 1;
  await redis.del(key);
  return { answer, isThere };
}

it('removes a draw that is as it was seen', async () => {
  expect(await forget({ count: 8, chain: 'c8' })).toEqual({ answer: 'forgotten', isThere: false });
});

it.each([
  ['has more entries', { count: 3, chain: 'c8' }],
  ['has others', { count: 8, chain: 'c3' }],
])('keeps one that %s since', async (_what, seen) => {
  expect(await forget(seen)).toEqual({ answer: 'other', isThere: true });
});

it('finds nothing to remove where none stands', async () => {
  expect(await script.run(redis, [edgeKeys.draw(newSku())], [0, ''])).toBe('other');
});
