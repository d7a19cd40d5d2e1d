import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkRedisSettings, demandRedisSettings } from '../../actuator/redis-settings.ts';
import type { Redis } from '../../redis/client.ts';
import { connectRedis, untilReady } from '../../redis/connection.ts';
import { type OwnRedis, startOwnRedis } from '../redis/own-redis.ts';

let server: OwnRedis;
let redis: Redis;
beforeAll(async () => {
  server = await startOwnRedis();
  const { host, port } = server;
  redis = connectRedis({ host, port, name: 'settings', commandTimeoutMs: 1_000 });
  await untilReady(redis, 5_000);
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

it('is content with a bounded Redis that evicts nothing and keeps a log', async () => {
  expect(await demandRedisSettings(redis, { appendOnly: 'required' })).toEqual([]);
  await checkRedisSettings(redis, { appendOnly: 'required' });
});

it('names every fault at once', async () => {
  await redis.config(
    'SET',
    'maxmemory',
    '0',
    'maxmemory-policy',
    'allkeys-lru',
    'appendonly',
    'no',
  );
  expect(await demandRedisSettings(redis, { appendOnly: 'required' })).toEqual([
    'Redis: maxmemory is not set',
    'Redis: maxmemory-policy is allkeys-lru, it must be noeviction',
    'Redis: appendonly is off, it must be on',
  ]);
  await expect(checkRedisSettings(redis, { appendOnly: 'optional' })).rejects.toThrow(
    'Redis: maxmemory is not set; Redis: maxmemory-policy is allkeys-lru, it must be noeviction',
  );
});
