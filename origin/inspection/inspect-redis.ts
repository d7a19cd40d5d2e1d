// Redis: persistence and memory as the origin demands them at its start, replicas, clock.
import { demandRedisSettings, type RedisDemands } from '../actuator/redis-settings.ts';
import type { Redis } from '../redis/client.ts';
import { connectRedis, untilReady } from '../redis/connection.ts';
import { nodesOf } from '../redis/nodes.ts';
import type { RedisPlace } from '../redis/place.ts';
import type { Found } from './inspection.ts';

export interface InventoryDemands extends RedisDemands {
  /** Replicas that must confirm a reservation. */
  readonly replicas: number;
}

const READY_WITHIN_MS = 3_000;
const COMMAND_TIMEOUT_MS = 2_000;

export const inspectInventory = (place: RedisPlace, demands: InventoryDemands): Promise<Found> =>
  withRedis(place, async (redis) => ({
    faults: [
      ...(await demandRedisSettings(redis, demands)),
      ...(await replicaFaults(redis, demands)),
      ...(place.isCluster ? await coverageFaults(redis) : []),
    ],
    clock: await clockOf(redis),
  }));

/** The line may be lost without losing an order: nothing is demanded but that it never evicts. */
export const inspectLine = (place: RedisPlace): Promise<Found> =>
  withRedis(place, async (redis) => {
    const policy = /maxmemory_policy:(\S+)/.exec(await redis.info('memory'))?.[1] ?? 'unknown';
    const faults =
      policy === 'noeviction' || policy.startsWith('volatile-')
        ? []
        : [`maxmemory-policy is ${policy}: it may evict the line's clocks`];
    if (place.isCluster) faults.push(...(await coverageFaults(redis)));
    return { faults, clock: await clockOf(redis) };
  });

async function withRedis(place: RedisPlace, ask: (redis: Redis) => Promise<Found>): Promise<Found> {
  const redis = connectRedis({ ...place, name: 'cli', commandTimeoutMs: COMMAND_TIMEOUT_MS });
  try {
    await untilReady(redis, READY_WITHIN_MS);
    const found = await Promise.all(nodesOf(redis).map(ask));
    // Of a cluster the clock that is furthest off counts.
    const [furthest] = found.sort((one, other) => offBy(other) - offBy(one));
    return { ...furthest, faults: [...new Set(found.flatMap(({ faults }) => faults))] };
  } finally {
    redis.disconnect();
  }
}

const offBy = ({ clock }: Found): number =>
  clock === undefined ? 0 : Math.abs(clock.serverMs - Date.now());

async function replicaFaults(redis: Redis, { replicas }: InventoryDemands): Promise<string[]> {
  if (replicas === 0) return [];
  const found = Number(/connected_slaves:(\d+)/.exec(await redis.info('replication'))?.[1] ?? 0);
  return found >= replicas ? [] : [`Redis: ${found} replicas, REDIS_DURABILITY wants ${replicas}`];
}

/** A server that does not tell its settings is taken for set up. */
async function coverageFaults(redis: Redis): Promise<string[]> {
  const [, found] = await redis.config('GET', 'cluster-require-full-coverage').then(
    (reply) => (Array.isArray(reply) ? reply.map(String) : []),
    (): string[] => [],
  );
  return found === 'yes'
    ? ['Redis: cluster-require-full-coverage is yes: one server that is away would stop all sales']
    : [];
}

async function clockOf(redis: Redis): Promise<NonNullable<Found['clock']>> {
  const askedAt = performance.now();
  const [seconds, micros] = await redis.time();
  const serverMs = Number(seconds) * 1_000 + Number(micros) / 1_000;
  return { serverMs, tookMs: performance.now() - askedAt };
}
