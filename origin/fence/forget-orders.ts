// Orders that stand in Redis and not in the database when everything that Redis has ever published is
// applied: what would have made their rows is lost. They go from Redis too, before users' counts are
// written; a buyer who shows the receipt of one gets it again, if a unit is free. What the rebuild
// has written stands in batches of its own, so the batches of before go with them.
import { inventoryKeys } from '../../shared/keys.ts';
import { type OrderIdParts, orderIdOf } from '../../shared/order-id.ts';
import { ordersIn, parseStatus } from '../orders/order-batch.ts';
import type { Redis } from '../redis/client.ts';
import { nodeOf } from '../redis/nodes.ts';
import type { Script } from '../redis/script.ts';
import type { ActivityRow, Store } from '../store/store.ts';
import { isRestoredBatch } from './restore-orders.ts';
import type { Step } from './step.ts';

export interface ForgetOrders {
  readonly activity: ActivityRow;
  readonly redis: Redis;
  readonly store: Pick<Store, 'ordersWithoutRow'>;
  readonly script: Script;
  readonly userKey: (userId: string) => string;
  /** That the rebuild opens. */
  readonly epoch: number;
  readonly mark: string;
  readonly step: Step;
}

const SCAN_COUNT = 32;
const PAGE = 500;

/** `restored`: how many batches were written; where no others stand nothing is looked for. */
export async function forgetOrders(
  options: ForgetOrders,
  restored: number,
): Promise<'restored' | 'superseded'> {
  const { activity, redis, epoch } = options;
  const key = inventoryKeys.orders(activity.skuId);
  const node = nodeOf(redis, key);
  if (node === undefined) return 'superseded';
  if ((await node.hlen(key)) <= restored) return 'restored';
  let cursor = '0';
  do {
    const [next, pairs] = await node.hscan(key, cursor, 'COUNT', SCAN_COUNT);
    cursor = next;
    const texts = new Map<string, string>();
    for (let at = 0; at < pairs.length; at += 2) {
      const batch = pairs[at] ?? '';
      if (!isRestoredBatch(batch, epoch)) texts.set(batch, pairs[at + 1] ?? '');
    }
    if (texts.size === 0) continue;
    const unknown = await withoutRow(options, node, texts);
    if ((await forget(options, unknown, [...texts.keys()])) !== 'restored') return 'superseded';
  } while (cursor !== '0');
  return 'restored';
}

interface Unknown extends OrderIdParts {
  readonly userId: string;
}

/**
 * Orders whose status still names a batch of before the rebuild, and that no activity has a row of:
 * a Redis put back may hold those of the item's former one.
 */
async function withoutRow(
  { activity: { skuId }, store }: ForgetOrders,
  node: Redis,
  texts: ReadonlyMap<string, string>,
): Promise<readonly Unknown[]> {
  const orders = [...texts].flatMap(([batch, text]) =>
    [...ordersIn(text)].map(([ulid, { userId }]) => ({ batch, skuId, ulid, userId })),
  );
  if (orders.length === 0) return [];
  const statuses = await node.mget(orders.map(inventoryKeys.orderStatus));
  const left = orders.filter(({ batch }, index) => parseStatus(statuses[index])?.batch === batch);
  const unknown = new Set<string>();
  for (let at = 0; at < left.length; at += PAGE) {
    const some = left.slice(at, at + PAGE).map(orderIdOf);
    for (const orderId of await store.ordersWithoutRow(some)) unknown.add(orderId);
  }
  return left.filter((order) => unknown.has(orderIdOf(order)));
}

async function forget(
  { activity: { skuId }, script, userKey, mark, step }: ForgetOrders,
  unknown: readonly Unknown[],
  batches: readonly string[],
): Promise<unknown> {
  const keys = [inventoryKeys.activity(skuId), inventoryKeys.orders(skuId)];
  for (const order of unknown) {
    keys.push(inventoryKeys.orderStatus(order));
    keys.push(inventoryKeys.userPurchase(skuId, userKey(order.userId)));
  }
  return await step(script, keys, [mark, ...batches]);
}
