import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Redis } from '../origin/redis/client.ts';
import { luaScript } from '../origin/redis/lua.ts';
import { edgeKeys } from '../shared/keys.ts';
import { keysWithoutLifetime, newSku, openRedis, RATHER_LONG_MS, redisNow } from './real-redis.ts';

const script = luaScript('set-status');
let redis: Redis;
beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.disconnect());

it('keeps the newest document, whoever comes late', async () => {
  const skuId = newSku();
  const key = edgeKeys.saleStatus(skuId);
  const lifetime = (await redisNow(redis)) + RATHER_LONG_MS;
  const write = (version: number, text: string) => {
    return script.run(redis, [key], [version, `"text":${JSON.stringify(text)}}`, lifetime]);
  };
  const stands = async () => JSON.parse((await redis.get(key)) ?? 'null');

  expect(await write(1_795_000_000_000, 'first')).toEqual(['set', 1_795_000_000_000]);
  expect(await stands()).toEqual({ version: 1_795_000_000_000, text: 'first' });
  expect(await write(1_794_999_999_999, 'older')).toEqual(['older', 1_795_000_000_000]);
  expect(await write(1_795_000_000_000, 'the same')).toEqual(['older', 1_795_000_000_000]);
  expect(await stands()).toEqual({ version: 1_795_000_000_000, text: 'first' });
  expect(await write(1_795_000_000_001, 'newer')).toEqual(['set', 1_795_000_000_001]);
  expect(await stands()).toEqual({ version: 1_795_000_000_001, text: 'newer' });
  expect(await keysWithoutLifetime(redis, skuId)).toEqual([]);
});

it('writes over what is no document of ours', async () => {
  const key = edgeKeys.saleStatus(newSku());
  await redis.set(key, 'something else');
  const lifetime = (await redisNow(redis)) + RATHER_LONG_MS;
  expect(await script.run(redis, [key], [5, '"a":1}', lifetime])).toEqual(['set', 5]);
  expect(await redis.get(key)).toBe('{"version":5,"a":1}');
});
