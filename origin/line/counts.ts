// The numbers of loaded activities, from the inventory Redis: what is left, and what may return.
import { inventoryKeys } from '../../shared/keys.ts';
import type { StockBand } from '../../shared/words.ts';
import { payByOf } from '../orders/order-batch.ts';
import type { InventoryLink } from '../redis/inventory-link.ts';
import { pipelined } from '../redis/pipelined.ts';
import type { ActivityRow } from '../store/store.ts';

export interface StockCounts {
  readonly stock: number;
  readonly total: number;
  /** Units reserved or paid. */
  readonly sold: number;
  /** Orders reserved and not paid. */
  readonly held: number;
  /** Epoch ms at which the first of them runs out of time to pay; null where none is held. */
  readonly firstPayBy: number | null;
  /** Number of the last event of the open epoch. */
  readonly sequence: number;
}

export type CountsAnswer =
  | ({ readonly kind: 'counts' } & StockCounts)
  /** What stands there cannot be trusted: the fence is closed or about to be. */
  | { readonly kind: 'fenced' };

/** Counts of a sale of which nothing is sold. */
export const unsold = (stock: number): StockCounts => ({
  ...{ stock, total: stock, sold: 0, held: 0, firstPayBy: null, sequence: 0 },
});

const LOW_SHARE = 0.1;
const COMMANDS_PER_ROW = 3;

/** Reads the counts of many activities in one round trip; rejects when Redis is away. */
export async function readCounts(
  { redis, runId }: Pick<InventoryLink, 'redis' | 'runId'>,
  rows: readonly ActivityRow[],
): Promise<readonly CountsAnswer[]> {
  if (rows.length === 0) return [];
  const pipeline = redis.pipeline();
  for (const { skuId } of rows) {
    const { activity, stock, sold, sequence, pending } = inventoryKeys;
    pipeline.hmget(activity(skuId), 'id', 'epoch', 'fence', 'total', 'pending');
    pipeline.mget(stock(skuId), sold(skuId), sequence(skuId));
    pipeline.zrange(pending(skuId), 0, '0', 'WITHSCORES');
  }
  const replies = await pipelined(pipeline);
  return rows.map((row, index) => {
    if (row.runId !== runId(row.skuId)) return FENCED;
    const at = COMMANDS_PER_ROW * index;
    return countsOf(row, replies.slice(at, at + COMMANDS_PER_ROW));
  });
}

const FENCED: CountsAnswer = { kind: 'fenced' };

function countsOf(row: ActivityRow, [facts, numbers, first]: unknown[]): CountsAnswer {
  const [id, epoch, fence, total, held]: unknown[] = Array.isArray(facts) ? facts : [];
  const [stock, sold, sequence]: unknown[] = Array.isArray(numbers) ? numbers : [];
  const isTrusted = id === row.activityId && epoch === String(row.epoch) && fence === '';
  if (!isTrusted || typeof stock !== 'string') return FENCED;
  const score = Array.isArray(first) ? Number(first.flat().at(1) ?? Number.NaN) : Number.NaN;
  return {
    kind: 'counts',
    stock: Number(stock),
    total: Number(total),
    sold: Number(sold ?? 0),
    held: Number(held ?? 0),
    firstPayBy: Number.isFinite(score) ? payByOf(score) : null,
    sequence: Number(sequence ?? 0),
  };
}

export function stockBandOf({ stock, total }: Pick<StockCounts, 'stock' | 'total'>): StockBand {
  if (stock <= 0) return 'none';
  return stock <= total * LOW_SHARE ? 'low' : 'some';
}
