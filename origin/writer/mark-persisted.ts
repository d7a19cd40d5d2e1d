// Marks orders that have their row, for a week: `dedup:order:<orderId>`.
import { inventoryKeys } from '../../shared/keys.ts';
import type { InventoryLink } from '../redis/inventory-link.ts';
import { pipelined } from '../redis/pipelined.ts';

const LIFETIME_SECONDS = 7 * 86_400;

/** Rejects when Redis is away; the mark is a convenience, never the guard. */
export async function markPersisted(
  { redis }: InventoryLink,
  orderIds: readonly string[],
): Promise<void> {
  if (orderIds.length === 0) return;
  const pipeline = redis.pipeline();
  for (const orderId of orderIds) {
    pipeline.set(inventoryKeys.dedup(orderId), '1', 'EX', LIFETIME_SECONDS);
  }
  await pipelined(pipeline);
}
