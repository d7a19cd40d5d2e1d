// An order as the inventory Redis knows it: its status and its facts.
import { inventoryKeys } from '../../shared/keys.ts';
import type { OrderIdParts } from '../../shared/order-id.ts';
import type { OrderStatus } from '../../shared/words.ts';
import type { InventoryLink } from '../redis/inventory-link.ts';
import { factsIn, parseStatus } from './order-batch.ts';
import type { PackedOrder } from './packed-order.ts';

export interface KnownOrder {
  readonly status: OrderStatus;
  readonly order: PackedOrder;
}

/** Undefined when Redis does not know the order; rejects when Redis is away. */
export async function readKnownOrder(
  { redis }: Pick<InventoryLink, 'redis'>,
  parts: OrderIdParts,
): Promise<KnownOrder | undefined> {
  return await knownOrder(redis, parts, await redis.get(inventoryKeys.orderStatus(parts)));
}

/** The order whose stored status this is: facts never change within the batch that it names. */
export async function knownOrder(
  redis: InventoryLink['redis'],
  { skuId, ulid }: OrderIdParts,
  stored: unknown,
): Promise<KnownOrder | undefined> {
  const found = parseStatus(stored);
  if (found === undefined) return undefined;
  const text = await redis.hget(inventoryKeys.orders(skuId), found.batch);
  const order = factsIn(text ?? '', ulid);
  return order === undefined ? undefined : { status: found.status, order };
}
