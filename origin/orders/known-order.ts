// Orders as the inventory Redis knows them: status and facts.
import { inventoryKeys } from '../../shared/keys.ts';
import type { OrderIdParts } from '../../shared/order-id.ts';
import { ORDER_STATUSES, type OrderStatus } from '../../shared/words.ts';
import type { Redis } from '../redis/client.ts';
import type { InventoryLink } from '../redis/inventory-link.ts';
import { pipelined } from '../redis/pipelined.ts';
import { factsIn, placesField, placesOf } from './order-batch.ts';
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
  const pipeline = redis.pipeline();
  pipeline.get(inventoryKeys.orderStatus(parts));
  pipeline.hget(inventoryKeys.orders(parts.skuId), placesField(parts.ulid));
  const [status, places] = await pipelined(pipeline);
  return await knownOrder(redis, parts, { status, places });
}

/** An order that is given its units again leaves its batch: between two reads, for instance. */
const READS = 3;

/** The order of which this was read. */
export async function knownOrder(
  redis: Redis,
  { skuId, ulid }: OrderIdParts,
  read: { readonly status: unknown; readonly places: unknown },
): Promise<KnownOrder | undefined> {
  const status = parseStatus(read.status);
  if (status === undefined) return undefined;
  const key = inventoryKeys.orders(skuId);
  let { places } = read;
  for (let left = READS; left > 0; left -= 1) {
    const batches = placesOf(ulid, String(places ?? ''));
    const texts = batches.length === 0 ? [] : await redis.hmget(key, ...batches);
    const order = texts.map((text) => factsIn(text ?? '', ulid)).findLast(Boolean);
    if (order !== undefined) return { status, order };
    places = await redis.hget(key, placesField(ulid));
  }
  return undefined;
}

export const parseStatus = (word: unknown): OrderStatus | undefined =>
  ORDER_STATUSES.find((known) => known === word);

/** The batch that each of these stands in; not more than a page of them. */
export async function batchesOf(
  redis: Redis,
  skuId: string,
  ulids: readonly string[],
): Promise<readonly (string | undefined)[]> {
  if (ulids.length === 0) return [];
  const key = inventoryKeys.orders(skuId);
  const places = await redis.hmget(key, ...ulids.map(placesField));
  const found = ulids.map((ulid, index) => placesOf(ulid, places[index] ?? ''));
  const batches = [...new Set(found.flat())];
  if (batches.length === 0) return found.map(() => undefined);
  const texts = await redis.hmget(key, ...batches);
  const textOf = new Map(batches.map((batch, index) => [batch, texts[index] ?? '']));
  return found.map((some, index) =>
    some.findLast((batch) => factsIn(textOf.get(batch) ?? '', ulids[index] ?? '') !== undefined),
  );
}
