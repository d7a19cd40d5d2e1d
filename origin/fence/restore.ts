// Writes orders and users' counts back to Redis, page by page, while the fence is closed.
import { inventoryKeys } from '../../shared/keys.ts';
import { parseOrderId } from '../../shared/order-id.ts';
import { packOrder } from '../orders/packed-order.ts';
import type { Script } from '../redis/script.ts';
import type { ActivityRow, OrderRow, Store } from '../store/store.ts';
import { keysLifetime } from './load-facts.ts';
import type { Step } from './step.ts';

const PAGE = 500;

interface Restore {
  readonly activity: ActivityRow;
  readonly store: Store;
  readonly scripts: { readonly restoreOrders: Script; readonly restoreUsers: Script };
  readonly userKey: (userId: string) => string;
  readonly mark: string;
  readonly step: Step;
}

/** How many orders were written, or that another rebuild has taken over. */
export async function restoreOrders(restore: Restore): Promise<number | 'superseded'> {
  const { activity, store, scripts, mark, step } = restore;
  const { activityId, skuId } = activity;
  const lifetime = keysLifetime(activity);
  let count = 0;
  let afterOrderId = '';
  for (;;) {
    const page = await store.ordersPage({ activityId, afterOrderId, limit: PAGE });
    const last = page.at(-1);
    if (last === undefined) return count;
    const keys = [
      inventoryKeys.activity(skuId),
      inventoryKeys.pending(skuId),
      inventoryKeys.orders(skuId),
    ];
    const args: (string | number)[] = [mark, lifetime];
    for (const row of page) addOrder(row, keys, args);
    const answer = await step(scripts.restoreOrders, keys, args);
    if (answer !== 'restored') return 'superseded';
    count += page.length;
    afterOrderId = last.orderId;
  }
}

function addOrder(row: OrderRow, keys: string[], args: (string | number)[]): void {
  const parts = parseOrderId(row.orderId);
  if (parts === undefined) throw new Error(`the database holds an order "${row.orderId}"`);
  keys.push(inventoryKeys.orderStatus(parts));
  args.push(parts.ulid, row.status, packOrder(row), row.payBy);
}

export async function restoreUsers(restore: Restore): Promise<'restored' | 'superseded'> {
  const { activity, store, scripts, userKey, mark, step } = restore;
  const { activityId, skuId } = activity;
  const lifetime = keysLifetime(activity);
  let afterUserId = '';
  for (;;) {
    const page = await store.userCountsPage({ activityId, afterUserId, limit: PAGE });
    const last = page.at(-1);
    if (last === undefined) return 'restored';
    const keys = [
      inventoryKeys.activity(skuId),
      ...page.map(({ userId }) => inventoryKeys.userPurchase(skuId, userKey(userId))),
    ];
    const args = [mark, lifetime, ...page.map(({ count }) => count)];
    const answer = await step(scripts.restoreUsers, keys, args);
    if (answer !== 'restored') return 'superseded';
    afterUserId = last.userId;
  }
}
