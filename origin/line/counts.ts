// The stock of loaded activities, from the inventory Redis: what is left, and of how many.
import { inventoryKeys } from '../../shared/keys.ts';
import type { StockBand } from '../../shared/words.ts';
import type { InventoryLink } from '../redis/inventory-link.ts';
import { pipelined } from '../redis/pipelined.ts';
import type { ActivityRow } from '../store/store.ts';

export interface StockCounts {
  readonly stock: number;
  readonly total: number;
}

export type CountsAnswer =
  | ({ readonly kind: 'counts' } & StockCounts)
  /** What stands there cannot be trusted: the fence is closed or about to be. */
  | { readonly kind: 'fenced' };

const LOW_SHARE = 0.1;

/** Reads the counts of many activities in one round trip; rejects when Redis is away. */
export async function readCounts(
  { redis, runId }: Pick<InventoryLink, 'redis' | 'runId'>,
  rows: readonly ActivityRow[],
): Promise<readonly CountsAnswer[]> {
  if (rows.length === 0) return [];
  const pipeline = redis.pipeline();
  for (const { skuId } of rows) {
    pipeline.hmget(inventoryKeys.activity(skuId), 'id', 'epoch', 'fence', 'total');
    pipeline.get(inventoryKeys.stock(skuId));
  }
  const replies = await pipelined(pipeline);
  const server = runId();
  return rows.map((row, index) => {
    const isServer = row.runId === server;
    return isServer ? countsOf(row, replies[2 * index], replies[2 * index + 1]) : FENCED;
  });
}

const FENCED: CountsAnswer = { kind: 'fenced' };

function countsOf(row: ActivityRow, facts: unknown, stock: unknown): CountsAnswer {
  const [id, epoch, fence, total]: unknown[] = Array.isArray(facts) ? facts : [];
  const isTrusted = id === row.activityId && epoch === String(row.epoch) && fence === '';
  if (!isTrusted || typeof stock !== 'string') return FENCED;
  return { kind: 'counts', stock: Number(stock), total: Number(total) };
}

export function stockBandOf({ stock, total }: StockCounts): StockBand {
  if (stock <= 0) return 'none';
  return stock <= total * LOW_SHARE ? 'low' : 'some';
}
