// Reads and writes beside the scripts: what is due, and lapses forgiven.
import { inventoryKeys } from '../../shared/keys.ts';
import { orderIdOf } from '../../shared/order-id.ts';
import { parsePackedOrder } from '../orders/packed-order.ts';
import { type AskOptions, ready } from './ask.ts';
import type { Inventory } from './inventory.ts';

const MAX_DUE = 1_000;

type Answer<Name extends keyof Inventory> = ReturnType<Inventory[Name]>;

/** Two reads, not one moment: whoever acts on it is told by the script what stands then. */
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
    const ulids = await redis.zrangebyscore(key, '-inf', atMs, 'LIMIT', 0, most);
    if (ulids.length === 0) return { kind: 'due', orders: [] };
    const facts = await redis.hmget(inventoryKeys.orders(skuId), ...ulids);
    const orders = ulids.flatMap((ulid, index) => {
      const order = parsePackedOrder(facts[index] ?? '');
      return order === undefined
        ? []
        : [{ activityId, orderId: orderIdOf({ skuId, ulid }), order }];
    });
    return { kind: 'due', orders };
  } catch (error) {
    options.onError(error);
    return { kind: 'away' };
  }
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
