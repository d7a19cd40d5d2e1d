// Writes orders, users' counts and lapses back to Redis, page by page, while the fence is closed.
import { inventoryKeys } from '../../shared/keys.ts';
import { parseOrderId } from '../../shared/order-id.ts';
import type { OrderStatus } from '../../shared/words.ts';
import { type PackedOrder, packOrder } from '../orders/packed-order.ts';
import type { InventoryLink } from '../redis/inventory-link.ts';
import type { Script } from '../redis/script.ts';
import type { ActivityRow, Store } from '../store/store.ts';
import { forgetOrders } from './forget-orders.ts';
import { heldOrders } from './held-orders.ts';
import { keysLifetime } from './load-facts.ts';
import type { Step } from './step.ts';

const PAGE = 500;

interface Restore {
  readonly activity: ActivityRow;
  readonly store: Store;
  readonly link: Pick<InventoryLink, 'redis'>;
  readonly scripts: {
    readonly restoreOrders: Script;
    readonly forgetOrders: Script;
    readonly restoreUsers: Script;
    readonly restoreLapses: Script;
  };
  readonly userKey: (userId: string) => string;
  readonly mark: string;
  readonly step: Step;
}

export interface RestoredOrder extends PackedOrder {
  readonly orderId: string;
  readonly status: OrderStatus;
}

type Restored =
  | { readonly kind: 'restored'; readonly orders: number; readonly pending: number }
  /** Another rebuild has taken over. */
  | { readonly kind: 'superseded' };

const SUPERSEDED: Restored = { kind: 'superseded' };

/** How many orders were written, and how many of them are PENDING. */
export async function restoreAll(restore: Restore): Promise<Restored> {
  const { activity, store } = restore;
  let [orders, pending] = [0, 0];
  for await (const page of ordersOf(store, activity.activityId)) {
    if ((await restoreOrders(restore, page)) === 'superseded') return SUPERSEDED;
    orders += page.length;
    pending += page.filter(({ status }) => status === 'PENDING').length;
  }
  const { link, scripts } = restore;
  const forgetting = { ...restore, redis: link.redis, script: scripts.forgetOrders };
  if ((await forgetOrders(forgetting, orders)) === 'superseded') return SUPERSEDED;
  if ((await restoreUsers(restore)) === 'superseded') return SUPERSEDED;
  if ((await restoreLapses(restore)) === 'superseded') return SUPERSEDED;
  return { kind: 'restored', orders, pending };
}

/** Rows, and behind them what waits for a decision as a dead letter and holds its units. */
async function* ordersOf(
  store: Store,
  activityId: string,
): AsyncGenerator<readonly RestoredOrder[]> {
  let afterOrderId = '';
  for (;;) {
    const page = await store.ordersPage({ activityId, afterOrderId, limit: PAGE });
    const last = page.at(-1);
    if (last === undefined) break;
    yield page;
    afterOrderId = last.orderId;
  }
  const held = await heldOrders(store, activityId);
  for (let at = 0; at < held.length; at += PAGE) yield held.slice(at, at + PAGE);
}

async function restoreOrders(
  { activity, scripts, mark, step }: Restore,
  page: readonly RestoredOrder[],
): Promise<unknown> {
  const { skuId } = activity;
  const keys = [
    inventoryKeys.activity(skuId),
    inventoryKeys.pending(skuId),
    inventoryKeys.orders(skuId),
  ];
  const args: (string | number)[] = [mark, keysLifetime(activity)];
  for (const order of page) {
    const parts = parseOrderId(order.orderId);
    if (parts === undefined) throw new Error(`the database holds an order "${order.orderId}"`);
    keys.push(inventoryKeys.orderStatus(parts));
    args.push(parts.ulid, order.status, packOrder(order), order.payBy);
  }
  return await step(scripts.restoreOrders, keys, args);
}

async function restoreUsers(restore: Restore): Promise<'restored' | 'superseded'> {
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

/** Counted from rows, without those that an operator has lifted. */
async function restoreLapses(restore: Restore): Promise<'restored' | 'superseded'> {
  const { activity, store, scripts, mark, step } = restore;
  const { activityId, skuId } = activity;
  const keys = [inventoryKeys.activity(skuId), inventoryKeys.lapsed(skuId)];
  let afterUserId = '';
  for (;;) {
    const page = await store.lapsesPage({ activityId, afterUserId, limit: PAGE });
    const last = page.at(-1);
    if (last === undefined) return 'restored';
    const users = page.flatMap(({ userId, count }) => [userId, count]);
    const args = [mark, keysLifetime(activity), ...users];
    const answer = await step(scripts.restoreLapses, keys, args);
    if (answer !== 'restored') return 'superseded';
    afterUserId = last.userId;
  }
}
