// Orders that stand in Redis and not in the database when everything that Redis has ever published is
// applied: what would have made their rows is lost. They go from Redis too, before users' counts are
// written; a buyer who shows the receipt of one gets it again, if a unit is free.
import { inventoryKeys } from '../../shared/keys.ts';
import { orderIdOf } from '../../shared/order-id.ts';
import { parsePackedOrder } from '../orders/packed-order.ts';
import type { Redis } from '../redis/client.ts';
import { nodeOf } from '../redis/nodes.ts';
import type { Script } from '../redis/script.ts';
import type { ActivityRow, Store } from '../store/store.ts';
import { heldOrders } from './held-orders.ts';
import type { Step } from './step.ts';

export interface ForgetOrders {
  readonly activity: ActivityRow;
  readonly redis: Redis;
  readonly store: Pick<Store, 'ordersWithoutRow' | 'deadLettersPage'>;
  readonly script: Script;
  readonly userKey: (userId: string) => string;
  readonly mark: string;
  readonly step: Step;
}

const SCAN_COUNT = 500;

/** `restored`: how many orders were written; where no others stand nothing is looked for. */
export async function forgetOrders(
  options: ForgetOrders,
  restored: number,
): Promise<'restored' | 'superseded'> {
  const { activity, redis, store } = options;
  const { skuId, activityId } = activity;
  const key = inventoryKeys.orders(skuId);
  const node = nodeOf(redis, key);
  if (node === undefined) return 'superseded';
  if ((await node.hlen(key)) <= restored) return 'restored';
  const held = new Set((await heldOrders(store, activityId)).map(({ orderId }) => orderId));
  let cursor = '0';
  do {
    const [next, pairs] = await node.hscan(key, cursor, 'COUNT', SCAN_COUNT);
    cursor = next;
    const facts = new Map<string, string>();
    for (let at = 0; at < pairs.length; at += 2) {
      const orderId = orderIdOf({ skuId, ulid: pairs[at] ?? '' });
      if (!held.has(orderId)) facts.set(orderId, pairs[at + 1] ?? '');
    }
    const unknown = await store.ordersWithoutRow([...facts.keys()]);
    if (unknown.length === 0) continue;
    if ((await forget(options, unknown, facts)) !== 'restored') return 'superseded';
  } while (cursor !== '0');
  return 'restored';
}

async function forget(
  { activity: { skuId }, script, userKey, mark, step }: ForgetOrders,
  unknown: readonly string[],
  facts: ReadonlyMap<string, string>,
): Promise<unknown> {
  const keys = [inventoryKeys.activity(skuId), inventoryKeys.orders(skuId)];
  const args = [mark];
  for (const orderId of unknown) {
    const ulid = orderId.slice(skuId.length + 1);
    const userId = parsePackedOrder(facts.get(orderId) ?? '')?.userId ?? '';
    keys.push(inventoryKeys.orderStatus({ skuId, ulid }));
    keys.push(inventoryKeys.userPurchase(skuId, userKey(userId)));
    args.push(ulid);
  }
  return await step(script, keys, args);
}
