// An order as the inventory Redis knows it: its status and its facts.
import { inventoryKeys } from '../../shared/keys.ts';
import type { OrderIdParts } from '../../shared/order-id.ts';
import { ORDER_STATUSES, type OrderStatus } from '../../shared/words.ts';
import type { InventoryLink } from '../redis/inventory-link.ts';
import { type PackedOrder, parsePackedOrder } from './packed-order.ts';

export interface KnownOrder {
  readonly status: OrderStatus;
  readonly order: PackedOrder;
}

/** Undefined when Redis does not know the order; rejects when Redis is away. */
export async function readKnownOrder(
  { redis }: Pick<InventoryLink, 'redis'>,
  parts: OrderIdParts,
): Promise<KnownOrder | undefined> {
  const [word, facts] = await Promise.all([
    redis.get(inventoryKeys.orderStatus(parts)),
    redis.hget(inventoryKeys.orders(parts.skuId), parts.ulid),
  ]);
  const status = ORDER_STATUSES.find((known) => known === word);
  const order = parsePackedOrder(facts ?? '');
  return status === undefined || order === undefined ? undefined : { status, order };
}
