import type { Redis } from 'ioredis';
import { ClusterRedis } from './cluster/cluster-redis.ts';
import { connectNode, type RedisConnection } from './node-connection.ts';

export type { RedisConnection } from './node-connection.ts';

/**
 * Opens a connection that fails at once and heals by itself: a call made while Redis is away is
 * rejected, a call in flight when the connection breaks is rejected, and neither is ever queued
 * or sent again behind the caller's back (a reservation repeated on a Redis that came back with
 * other data would sell a unit twice). Reconnecting goes on for ever, every 50 to 1000 ms.
 *
 * Replies have their RESP2 shapes. Calls made before the first `ready` are rejected: wait with
 * `untilReady`. Of a cluster each call goes to the server that holds its key (`nodes.ts`).
 */
export function connectRedis(connection: RedisConnection): Redis {
  return connection.isCluster ? new ClusterRedis(connection) : connectNode(connection);
}

/** Resolves once calls can be made; rejects when that takes longer than `timeoutMs`. */
export async function untilReady(redis: Redis, timeoutMs: number): Promise<void> {
  if (redis.status === 'ready') return;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const deadline = setTimeout(() => {
    reject(new Error(`Redis was not ready within ${timeoutMs} ms (${redis.status})`));
  }, timeoutMs);
  const ready = () => resolve();
  redis.once('ready', ready);
  try {
    await promise;
  } finally {
    clearTimeout(deadline);
    redis.off('ready', ready);
  }
}
