// What stands of a draw in the edge Redis.
import { edgeKeys } from '../../shared/keys.ts';
import type { Redis } from '../redis/client.ts';
import { pipelined } from '../redis/pipelined.ts';
import type { ActivityRow } from '../store/store.ts';

export interface StoredDraw {
  /** Entries so far. */
  readonly count: number;
  /** Running hash over them. */
  readonly chain: string;
  readonly isClosed: boolean;
  readonly entryOpensAt: number;
  /** '' where there is none. */
  readonly beacon: string;
}

const FIELDS = ['count', 'chain', 'key', 'entryOpensAt', 'beacon'] as const;

/** The draws of these activities, in one round trip; undefined where none of the activity stands. */
export async function readDraws(
  redis: Redis,
  rows: readonly ActivityRow[],
): Promise<(StoredDraw | undefined)[]> {
  if (rows.length === 0) return [];
  const pipeline = redis.pipeline();
  for (const { skuId } of rows) {
    pipeline.hmget(edgeKeys.draw(skuId), 'activityId', ...FIELDS);
  }
  const replies = await pipelined(pipeline);
  return rows.map((row, index) => {
    const fields: unknown = replies[index];
    const [activityId, count, chain, key, entryOpensAt, beacon]: unknown[] = Array.isArray(fields)
      ? fields
      : [];
    if (activityId !== row.activityId) return undefined;
    return {
      ...{ count: Number(count), chain: String(chain), isClosed: typeof key === 'string' },
      ...{ entryOpensAt: Number(entryOpensAt), beacon: String(beacon) },
    };
  });
}

/** Up to `limit` entries from the one of that index, as leaves in hex. */
export async function readEntries(
  redis: Redis,
  skuId: string,
  { from, limit }: { readonly from: number; readonly limit: number },
): Promise<string[]> {
  const entries = await redis.lrangeBuffer(edgeKeys.drawEntries(skuId), from, from + limit - 1);
  return entries.map((entry) => entry.toString('hex'));
}
