// What the scripts' tests share: a connection to the run's Redis and SKUs that no other test uses.
import { randomBytes, randomInt } from 'node:crypto';
import { inject } from 'vitest';
import type { Redis } from '../origin/redis/client.ts';
import { connectRedis, untilReady } from '../origin/redis/connection.ts';

export const RATHER_LONG_MS = 3_600_000;

export async function openRedis(): Promise<Redis> {
  const { host, port } = inject('services').redis;
  const redis = connectRedis({ host, port, name: 'lua-test', commandTimeoutMs: 10_000 });
  await untilReady(redis, 10_000);
  return redis;
}

/** Databases of a Redis server as it comes. */
const DATABASES = 16;

/** A database that hardly any test uses: KEYS costs what is in it, and crowds of others are large. */
export async function openOwnDatabase(): Promise<Redis> {
  const redis = await openRedis();
  await redis.select(randomInt(1, DATABASES));
  return redis;
}

export const newSku = (): string => `lua_${randomBytes(12).toString('hex')}`;

/** Epoch ms by the server that the scripts ask. */
export async function redisNow(redis: Redis): Promise<number> {
  const [seconds, microseconds] = await redis.time();
  return Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000);
}

/** The keys of a SKU that would stand for ever. */
export async function keysWithoutLifetime(redis: Redis, skuId: string): Promise<string[]> {
  const keys = await redis.keys(`*{${skuId}}*`);
  const lifetimes = await Promise.all(keys.map((key) => redis.pttl(key)));
  return keys.filter((_, index) => lifetimes[index] === -1).sort();
}
