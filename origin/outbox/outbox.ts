// The outbox streams in the inventory Redis, as the relay uses them.
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
    async remove(entries) {
      const bySku = Map.groupBy(entries, ({ lane }) => lane.skuId);
      const removals = [...bySku].map(([skuId, removed]) =>
        redis.xdel(inventoryKeys.outbox(skuId), ...removed.map(({ id }) => id)),
      );
      await Promise.all(removals);
    },
  };
}
