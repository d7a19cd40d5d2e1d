// Writes orders, users' counts and lapses back to Redis, page by page, while the fence is closed.
import { inventoryKeys } from '../../shared/keys.ts';
import type { InventoryLink } from '../redis/inventory-link.ts';
import type { Script } from '../redis/script.ts';
import type { ActivityRow, Store } from '../store/store.ts';
import { forgetOrders } from './forget-orders.ts';
import { keysLifetime } from './load-facts.ts';
import { restoreOrders, type WrittenOrders } from './restore-orders.ts';
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
  /** That the rebuild opens. */
  readonly epoch: number;
  readonly mark: string;
  readonly step: Step;
}

type Restored =
  | ({ readonly kind: 'restored' } & WrittenOrders)
  /** Another rebuild has taken over. */
  | { readonly kind: 'superseded' };

const SUPERSEDED: Restored = { kind: 'superseded' };

/** How many orders were written, how many of them are PENDING, and in how many batches. */
export async function restoreAll(restore: Restore): Promise<Restored> {
  const { link, scripts } = restore;
  const written = await restoreOrders({ ...restore, script: scripts.restoreOrders });
  if (written === undefined) return SUPERSEDED;
  const forgetting = { ...restore, redis: link.redis, script: scripts.forgetOrders };
  if ((await forgetOrders(forgetting, written.fields)) === 'superseded') return SUPERSEDED;
  if ((await restoreUsers(restore)) === 'superseded') return SUPERSEDED;
  if ((await restoreLapses(restore)) === 'superseded') return SUPERSEDED;
  return { kind: 'restored', ...written };
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
