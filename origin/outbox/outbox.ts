// The outbox streams in the inventory Redis, as the relay uses them. Reads always start at the
// oldest entry left, so whatever happened to an earlier relay, nothing is passed over.
import { inventoryKeys } from '../../shared/keys.ts';
import type { connectRedis } from '../redis/connection.ts';
import type { LaneEntries } from './batches.ts';
import type { OutboxLane } from './entry.ts';

export interface Outbox {
  /** What waits in the lanes, oldest first, at most `count` entries of each. */
  read(lanes: readonly OutboxLane[], count: number): Promise<LaneEntries[]>;
  /** Resolves when one of the lanes has an entry, or after `ms`. */
  untilSomethingWaits(lanes: readonly OutboxLane[], ms: number): Promise<void>;
  remove(skuId: string, ids: readonly string[]): Promise<void>;
}

type Connection = ReturnType<typeof connectRedis>;

const OLDEST = '0-0';

export function openOutbox(redis: Connection): Outbox {
  return {
    async read(lanes, count) {
      const reply = await redis.xread('COUNT', count, 'STREAMS', ...streamsOf(lanes));
      const byKey = new Map(lanes.map((lane) => [inventoryKeys.outbox(lane.skuId), lane]));
      return (reply ?? []).flatMap(([key, entries]) => {
        const lane = byKey.get(key);
        return lane === undefined ? [] : [{ lane, entries }];
      });
    },
    async untilSomethingWaits(lanes, ms) {
      await redis.xread('COUNT', 1, 'BLOCK', ms, 'STREAMS', ...streamsOf(lanes));
    },
    async remove(skuId, ids) {
      await redis.xdel(inventoryKeys.outbox(skuId), ...ids);
    },
  };
}

function streamsOf(lanes: readonly OutboxLane[]): string[] {
  return [...lanes.map(({ skuId }) => inventoryKeys.outbox(skuId)), ...lanes.map(() => OLDEST)];
}
