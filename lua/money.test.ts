import fc from 'fast-check';
import { afterAll, beforeAll, it } from 'vitest';
import type { Redis } from '../origin/redis/client.ts';
import { luaScript } from '../origin/redis/lua.ts';
import { runSequence, sequenceOf } from './money-run.ts';
import { openOwnDatabase } from './real-redis.ts';

let redis: Redis;
beforeAll(async () => {
  redis = await openOwnDatabase();
});
afterAll(() => redis.disconnect());

const scripts = {
  load: luaScript('load'),
  reserve: luaScript('reserve'),
  release: luaScript('release'),
  settle: luaScript('settle'),
  void: luaScript('void'),
  adjust: luaScript('adjust'),
  recover: luaScript('recover'),
};

const AT_ONCE = 10;

it('whatever is called in whatever order, units, users, orders and events are the model’s', async () => {
  const some = fc.array(sequenceOf, { minLength: 1, maxLength: AT_ONCE, size: 'max' });
  const property = fc.asyncProperty(some, async (sequences) => {
    await Promise.all(sequences.map((sequence) => runSequence(redis, scripts, sequence)));
  });
  await fc.assert(property, { numRuns: 100 });
});
