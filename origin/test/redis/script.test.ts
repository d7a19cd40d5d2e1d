import type { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectRedis, untilReady } from '../../redis/connection.ts';
import { loadScript } from '../../redis/script.ts';
import { type OwnRedis, startOwnRedis } from './own-redis.ts';

let server: OwnRedis;
let redis: Redis;

beforeAll(async () => {
  server = await startOwnRedis();
  const { host, port } = server;
  redis = connectRedis({ host, port, name: 'script-test', commandTimeoutMs: 1_000 });
  await untilReady(redis, 5_000);
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

test('a script runs by hash, also on a server that never saw it or forgot it', async () => {
  const count = loadScript('count', 'return redis.call("INCRBY", KEYS[1], ARGV[1])');
  expect(await redis.script('EXISTS', count.hash)).toEqual([0]);
  expect(await count.run(redis, ['counted'], [2])).toBe(2);
  expect(await redis.script('EXISTS', count.hash)).toEqual([1]);
  expect(await count.run(redis, ['counted'], ['3'])).toBe(5);
  await redis.script('FLUSH');
  expect(await count.run(redis, ['counted'], [1])).toBe(6);
});

test('the hash is pinned: scripts are known to Redis by the SHA-1 of their source', () => {
  expect(loadScript('one', 'return 1').hash).toBe('e0e1f9fabfc9d4800c877a703b823ac0578ff8db');
});

test('an error of the script itself runs it once only', async () => {
  const fail = loadScript(
    'fail',
    'redis.call("INCR", KEYS[1]) return redis.error_reply("REFUSED by the script")',
  );
  await expect(fail.run(redis, ['failed'], [])).rejects.toThrow('REFUSED by the script');
  await expect(fail.run(redis, ['failed'], [])).rejects.toThrow('REFUSED by the script');
  expect(await redis.get('failed')).toBe('2');
});
