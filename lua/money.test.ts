import fc from 'fast-check';
import { afterAll, beforeAll, it } from 'vitest';
import type { Redis } from '../origin/redis/client.ts';
import { luaScript } from '../origin/redis/lua.ts';
import { runSequence, sequenceOf } from './money-run.ts';
import { openRedis } from './real-redis.ts';

let redis: Redis;
beforeAll(async () => {
  redis = await openRedis();
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

it('whatever is called in whatever order, units, users, orders and events are the model’s', async () => {
  const property = fc.asyncProperty(sequenceOf, (sequence) =>
    runSequence(redis, scripts, sequence),
  );
  await fc.assert(property, { numRuns: 500 });
});
