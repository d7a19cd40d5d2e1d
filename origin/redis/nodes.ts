// The servers behind a connection: one, or those of a cluster. A call without a key (INFO, CONFIG,
// TIME, SCAN) and a wait is for one of them; a pipeline over a cluster is split by itself.
import type { Command, Redis } from 'ioredis';
import { ClusterRedis } from './cluster/cluster-redis.ts';

export const isCluster = (redis: Redis): boolean => redis instanceof ClusterRedis;

/** All servers that hold keys; none while a cluster is not known yet. */
export const nodesOf = (redis: Redis): readonly Redis[] =>
  redis instanceof ClusterRedis ? redis.nodes() : [redis];

/** The server that holds a key; undefined while nobody knows. */
export const nodeOf = (redis: Redis, key: string): Redis | undefined =>
  redis instanceof ClusterRedis ? redis.nodeOf(key) : redis;

/** The servers that a command is for: the one that holds its first key; all, where it has no key. */
export function nodesFor(redis: Redis, command: Command): readonly Redis[] {
  if (!(redis instanceof ClusterRedis)) return [redis];
  const [key] = command.getKeys();
  if (key === undefined) return redis.nodes();
  const node = redis.nodeOf(String(key));
  return node === undefined ? [] : [node];
}

/** Rejects when one of the servers does not answer. */
export async function pingAll(redis: Redis): Promise<void> {
  const nodes = nodesOf(redis);
  if (nodes.length === 0) throw new Error('no server of the cluster is known');
  await Promise.all(nodes.map((node) => node.ping()));
}

/** Rejects when none of the servers answers: while one does, its activities can sell. */
export async function pingAny(redis: Redis): Promise<void> {
  await firstOf(nodesOf(redis).map((node) => node.ping()));
}

/** The first answer of several servers; where none answers, the first failure. */
export async function firstOf<Answer>(asked: readonly Promise<Answer>[]): Promise<Answer> {
  try {
    return await Promise.any(asked);
  } catch {
    await Promise.all(asked);
    throw new Error('no server of the cluster is known');
  }
}

/**
 * The time (epoch ms) of the server that holds a key, asked once per server: what a script of that
 * server has dated is judged by its clock.
 */
export function serverTimes(redis: Redis): (key: string) => Promise<number> {
  const asked = new Map<Redis, Promise<number>>();
  return async (key) => {
    const node = nodeOf(redis, key);
    if (node === undefined) throw new Error('no server is known to hold the key');
    const time = asked.get(node) ?? timeOf(node);
    asked.set(node, time);
    return await time;
  };
}

async function timeOf(node: Redis): Promise<number> {
  const [seconds, microseconds] = await node.time();
  return Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000);
}

/**
 * Items in groups of at most `most`, each group of one server, so that one that is away holds up its
 * own only.
 */
export function tripsOf<Item>(
  redis: Redis,
  items: readonly Item[],
  { keyOf, most }: { readonly keyOf: (item: Item) => string; readonly most: number },
): Item[][] {
  const groups =
    redis instanceof ClusterRedis
      ? [...Map.groupBy(items, (item) => redis.nodeOf(keyOf(item))).values()]
      : [items];
  return groups.flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / most) }, (_none, index) =>
      group.slice(index * most, (index + 1) * most),
    ),
  );
}
