// Marks orders that have their row: `dedup:order:<orderId>` for a week, and a lifetime for the
// order's status, which from here on the database knows as well.
import { inventoryKeys } from '../../shared/keys.ts';
import { parseOrderId } from '../../shared/order-id.ts';
import type { ActivityRegistry } from '../activities/registry.ts';
import type { InventoryLink } from '../redis/inventory-link.ts';
import { pipelined } from '../redis/pipelined.ts';
import { DEDUP_TTL_SECONDS } from './dedup.ts';

/** An order's status is kept up to a week behind its last moment to pay. */
const STATUS_KEPT_SECONDS = 7 * 86_400;

/** Rejects when Redis is away; the marks are a convenience, never the guard. */
export async function markPersisted(
  {
    link,
    registry,
  }: { readonly link: InventoryLink; readonly registry: Pick<ActivityRegistry, 'current'> },
  orderIds: readonly string[],
): Promise<void> {
  const pipeline = link.redis.pipeline();
  for (const orderId of orderIds) {
    pipeline.set(inventoryKeys.dedup(orderId), '1', 'EX', DEDUP_TTL_SECONDS);
    const parts = parseOrderId(orderId);
    if (parts === undefined) continue;
    const paymentSeconds = registry.current(parts.skuId)?.paymentWindowSeconds ?? 0;
    pipeline.expire(inventoryKeys.orderStatus(parts), paymentSeconds + STATUS_KEPT_SECONDS);
  }
  await pipelined(pipeline);
}
