// The outbox streams in the inventory Redis, as the relay uses them.
import { setTimeout as pause } from 'node:timers/promises';
import { inventoryKeys } from '../../shared/keys.ts';
import type { connectRedis } from '../redis/connection.ts';
import type { LaneEntries } from './batches.ts';
import type { OutboxLane } from './entry.ts';

export interface Outbox {
  /** What stands in each lane behind the entry `after`, oldest first, at most `count` entries. */
  read(lanes: readonly LanePosition[], count: number): Promise<LaneEntries[]>;
  /** Resolves when one of the lanes has an entry, or after `ms`. */
  untilSomethingWaits(lanes: readonly OutboxLane[], ms: number): Promise<void>;
  remove(entries: readonly { readonly lane: OutboxLane; readonly id: string }[]): Promise<void>;
}

export interface LanePosition {
  readonly lane: OutboxLane;
  readonly after: string;
}

type Connection = ReturnType<typeof connectRedis>;

/** Before every entry, so that reading starts at the oldest one left. */
export const OLDEST = '0-0';
const LEAST_PAUSE_MS = 20;
const PAUSE_PER_LANE_MS = 0.2;

export function openOutbox(redis: Connection): Outbox {
  return {
    async read(lanes, count) {
      const keys = lanes.map(({ lane }) => inventoryKeys.outbox(lane.skuId));
      const positions = lanes.map(({ after }) => after);
      const reply = await redis.xread('COUNT', count, 'STREAMS', ...keys, ...positions);
      const byKey = new Map(lanes.map(({ lane }, index) => [keys[index], lane]));
      return (reply ?? []).flatMap(([key, entries]) => {
        const lane = byKey.get(key);
        return lane === undefined ? [] : [{ lane, entries }];
      });
    },
    async untilSomethingWaits(lanes, ms) {
      const keys = lanes.map(({ skuId }) => inventoryKeys.outbox(skuId));
      const positions = lanes.map(() => OLDEST);
      await redis.xread('COUNT', 1, 'BLOCK', ms, 'STREAMS', ...keys, ...positions);
    },
    remove: (entries) => removeFrom(redis, entries),
  };
}

/**
 * The same at one server of a cluster, where a command may name the keys of one slot only: a read is
 * a command for each lane, and none can wait for several lanes at once. They are looked at again
 * after 20 ms, after 200 ms where a thousand of them are idle.
 */
export function openClusterOutbox(redis: Connection): Outbox {
  const one = openOutbox(redis);
  return {
    async read(lanes, count) {
      return (await Promise.all(lanes.map((lane) => one.read([lane], count)))).flat();
    },
    async untilSomethingWaits(lanes, ms) {
      if (lanes.length === 1) return await one.untilSomethingWaits(lanes, ms);
      await pause(Math.min(ms, Math.max(LEAST_PAUSE_MS, lanes.length * PAUSE_PER_LANE_MS)));
    },
    remove: one.remove,
  };
}
async function removeFrom(
  redis: Connection,
  entries: Parameters<Outbox['remove']>[0],
): Promise<void> {
  const bySku = Map.groupBy(entries, ({ lane }) => lane.skuId);
  const removals = [...bySku].map(([skuId, removed]) =>
    redis.xdel(inventoryKeys.outbox(skuId), ...removed.map(({ id }) => id)),
  );
  await Promise.all(removals);
}
