// Orders that stand in Redis and not in the database when everything that Redis has ever published is
// applied: what would have made their rows is lost. They go from Redis too, before users' counts are
// written; a buyer who shows the receipt of one gets it again, if a unit is free. What the rebuild
// has written stands in batches of its own, so the batches of before go with them.
import { inventoryKeys } from '../../shared/keys.ts';
import { type OrderIdParts, orderIdOf } from '../../shared/order-id.ts';
import { batchesOf } from '../orders/known-order.ts';
import { isBatchField, ordersIn } from '../orders/order-batch.ts';
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

/** `restored`: how many fields were written; where no others stand nothing is looked for. */
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
      if (isBatchField(batch) && !isRestoredBatch(batch, epoch))
        texts.set(batch, pairs[at + 1] ?? '');
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
 * Orders that stand in no batch of the rebuild, and that no activity has a row of: a Redis put back
 * may hold those of the item's former one.
 */
async function withoutRow(
  { activity: { skuId }, store, epoch }: ForgetOrders,
  node: Redis,
  texts: ReadonlyMap<string, string>,
): Promise<readonly Unknown[]> {
  const orders = [...texts.values()].flatMap((text) =>
    [...ordersIn(text)].map(([ulid, { userId }]) => ({ skuId, ulid, userId })),
  );
  const unknown: Unknown[] = [];
  for (let at = 0; at < orders.length; at += PAGE) {
    const some = orders.slice(at, at + PAGE);
    const batches = await batchesOf(node, skuId, some.map(ulidOf));
    const left = some.filter((_order, index) => !isRestoredBatch(batches[index] ?? '', epoch));
    const without = new Set(await store.ordersWithoutRow(left.map(orderIdOf)));
    unknown.push(...left.filter((order) => without.has(orderIdOf(order))));
  }
  return unknown;
}

const ulidOf = ({ ulid }: OrderIdParts): string => ulid;

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
