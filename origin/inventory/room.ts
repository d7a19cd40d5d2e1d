// Whether Redis has room for new orders: below 85 % of its memory, and below the limit of orders in
// an activity's outbox. Asked once a second, not by each call; what ends orders always goes on.
import { inventoryKeys } from '../../shared/keys.ts';
import type { ActivityRegistry } from '../activities/registry.ts';
import { countEvents } from '../outbox/entry.ts';
import type { Redis } from '../redis/client.ts';
import type { InventoryLink } from '../redis/inventory-link.ts';
import { nodeOf, nodesOf } from '../redis/nodes.ts';
import { pipelined } from '../redis/pipelined.ts';
import type { ActivityRow } from '../store/store.ts';

export interface Room {
  hasRoom(activityId: string): boolean;
  close(): void;
}

export interface RoomOptions {
  readonly link: Pick<InventoryLink, 'redis'>;
  readonly registry: Pick<ActivityRegistry, 'all'>;
  /** Orders in the outbox of one activity. */
  readonly outboxLimit: number;
  readonly onError: (error: unknown) => void;
}

const LOOK_EVERY_MS = 1_000;
const MEMORY_SHARE = 0.85;
/** An entry of the outbox holds at most the batch of one reservation call. */
const MAX_ENTRY_EVENTS = 64;

export function watchRoom(options: RoomOptions): Room {
  const byNode = new Map<Redis, ReadonlySet<string>>();
  let crowded: ReadonlySet<string> = new Set();
  let isLooking = false;

  async function look(): Promise<void> {
    if (isLooking) return;
    isLooking = true;
    const nodes = nodesOf(options.link.redis);
    for (const node of byNode.keys()) if (!nodes.includes(node)) byNode.delete(node);
    await Promise.all(nodes.map(lookAt));
    crowded = new Set([...byNode.values()].flatMap((ids) => [...ids]));
    isLooking = false;
  }

  async function lookAt(node: Redis): Promise<void> {
    try {
      byNode.set(node, await crowdedAt(node, options));
    } catch (error) {
      // It is away: nothing can be reserved there anyway; its last answer stays.
      options.onError(error);
    }
  }
  void look();
  const timer = setInterval(() => void look(), LOOK_EVERY_MS);
  return {
    hasRoom: (activityId) => !crowded.has(activityId),
    close: () => clearInterval(timer),
  };
}

/** Activities of one server that may take no new orders: all of them where its memory is short. */
async function crowdedAt(node: Redis, options: RoomOptions): Promise<Set<string>> {
  const { link, registry } = options;
  const held = registry
    .all()
    .filter(({ skuId }) => nodeOf(link.redis, inventoryKeys.activity(skuId)) === node);
  if (await isShortOfMemory(node)) return new Set(held.map(({ activityId }) => activityId));
  const loaded = held.filter(({ state }) => state === 'LOADED');
  return await fullOutboxes(node, loaded, options.outboxLimit);
}

async function isShortOfMemory(node: Redis): Promise<boolean> {
  const info = await node.info('memory');
  const [used, most] = ['used_memory', 'maxmemory'].map((name) =>
    Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? Number.NaN),
  );
  return most !== undefined && most > 0 && (used ?? 0) > MEMORY_SHARE * most;
}

async function fullOutboxes(
  node: Redis,
  loaded: readonly ActivityRow[],
  outboxLimit: number,
): Promise<Set<string>> {
  const lengths = node.pipeline();
  for (const { skuId } of loaded) lengths.xlen(inventoryKeys.outbox(skuId));
  const counts = await pipelined(lengths);
  const full = new Set<string>();
  for (const [index, { activityId, skuId }] of loaded.entries()) {
    const entries = Number(counts[index]);
    // Most have no need for a closer look: even full entries would not reach the limit.
    if (entries * MAX_ENTRY_EVENTS <= outboxLimit) continue;
    if ((await eventsIn(node, skuId, entries)) > outboxLimit) full.add(activityId);
  }
  return full;
}

/** Events in an outbox: what lies between its oldest entry and the activity's last number. */
async function eventsIn(redis: Redis, skuId: string, entries: number): Promise<number> {
  const key = inventoryKeys.outbox(skuId);
  const [[[oldest = '', fields = []] = []], [[newest = ''] = []]] = await Promise.all([
    redis.xrange(key, '-', '+', 'COUNT', 1),
    redis.xrevrange(key, '+', '-', 'COUNT', 1),
  ]);
  const [epoch, first] = oldest.split('-');
  const [newestEpoch, last] = newest.split('-');
  // Of two epochs the numbers tell nothing.
  if (epoch !== newestEpoch) return entries;
  return Number(last) - Number(first) + countEvents(fields);
}
