// The servers behind a connection: one, or those of a cluster. A call without a key (INFO, CONFIG,
// TIME, SCAN) and a wait is for one of them; a pipeline over a cluster is split by itself.
import type { Redis } from 'ioredis';
import { ClusterRedis } from './cluster/cluster-redis.ts';

/** All servers that hold keys; none while a cluster is not known yet. */
export const nodesOf = (redis: Redis): readonly Redis[] =>
  redis instanceof ClusterRedis ? redis.nodes() : [redis];

/** The server that holds a key; undefined while nobody knows. */
export const nodeOf = (redis: Redis, key: string): Redis | undefined =>
  redis instanceof ClusterRedis ? redis.nodeOf(key) : redis;

/** Rejects when one of the servers does not answer. */
export async function pingAll(redis: Redis): Promise<void> {
  const nodes = nodesOf(redis);
  if (nodes.length === 0) throw new Error('no server of the cluster is known');
  await Promise.all(nodes.map((node) => node.ping()));
}

/** Items by the server of their keys, so that one that is away holds up its own only. */
export function byNode<Item>(
  redis: Redis,
  items: readonly Item[],
  keyOf: (item: Item) => string,
): Item[][] {
  if (!(redis instanceof ClusterRedis)) return items.length === 0 ? [] : [[...items]];
  return [...Map.groupBy(items, (item) => redis.nodeOf(keyOf(item))).values()];
}
