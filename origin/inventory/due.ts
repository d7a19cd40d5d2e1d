// Reads and writes beside the scripts: what is due, and lapses forgiven.
import { inventoryKeys } from '../../shared/keys.ts';
import { orderIdOf } from '../../shared/order-id.ts';
import { dueUntil, ordersIn } from '../orders/order-batch.ts';
import type { PackedOrder } from '../orders/packed-order.ts';
import type { Redis } from '../redis/client.ts';
import { type AskOptions, ready } from './ask.ts';
import type { Inventory, OrderRef } from './inventory.ts';

const MAX_DUE = 1_000;
const BATCHES_PER_READ = 64;

type Answer<Name extends keyof Inventory> = ReturnType<Inventory[Name]>;

/** Several reads, not one moment: whoever acts on it is told by the script what stands then. */
export async function due(
  options: AskOptions,
  activityId: string,
  { atMs, limit }: { readonly atMs: number; readonly limit: number },
): Answer<'due'> {
  const at = await ready(options, activityId);
  if (at.kind !== 'ready') return at;
  const { skuId } = at.activity;
  const { redis } = options.link;
  try {
    const most = Math.min(MAX_DUE, Math.max(1, Math.trunc(limit)));
    const key = inventoryKeys.pending(skuId);
    // Each batch that is listed has a PENDING order at least.
    const batches = await redis.zrangebyscore(key, '-inf', dueUntil(atMs), 'LIMIT', 0, most);
    const orders: DueOrder[] = [];
    for (let at = 0; at < batches.length && orders.length < most; at += BATCHES_PER_READ) {
      const some = batches.slice(at, at + BATCHES_PER_READ);
      for (const { ulid, order } of await pendingOf(redis, skuId, some)) {
        orders.push({ activityId, orderId: orderIdOf({ skuId, ulid }), order });
      }
    }
    return { kind: 'due', orders: orders.slice(0, most) };
  } catch (error) {
    options.onError(error);
    return { kind: 'away' };
  }
}

type DueOrder = OrderRef & { readonly order: PackedOrder };

/** The orders of these batches that are PENDING. */
async function pendingOf(redis: Redis, skuId: string, batches: readonly string[]) {
  const texts = await redis.hmget(inventoryKeys.orders(skuId), ...batches);
  const orders = batches.flatMap((_batch, index) =>
    [...ordersIn(texts[index] ?? '')].map(([ulid, order]) => ({ ulid, order })),
  );
  if (orders.length === 0) return [];
  const statuses = await redis.mget(
    orders.map(({ ulid }) => inventoryKeys.orderStatus({ skuId, ulid })),
  );
  return orders.filter((_order, index) => statuses[index] === 'PENDING');
}

export async function liftLapses(
  options: AskOptions,
  activityId: string,
  userId: string,
): Answer<'liftLapses'> {
  const at = await ready(options, activityId);
  if (at.kind !== 'ready') return at;
  try {
    const key = inventoryKeys.lapsed(at.activity.skuId);
    const lapses = await options.link.redis.hget(key, userId);
    await options.link.redis.hdel(key, userId);
    return { kind: 'lifted', lapses: Number(lapses ?? 0) };
  } catch (error) {
    options.onError(error);
    return { kind: 'away' };
  }
}
