// Writes orders back to Redis, page by page, in batches of their own: those that are PENDING by the
// moment at which their payment is due.
import { inventoryKeys } from '../../shared/keys.ts';
import { type OrderIdParts, parseOrderId } from '../../shared/order-id.ts';
import type { OrderStatus } from '../../shared/words.ts';
import { batchText, dueScore, placesField } from '../orders/order-batch.ts';
import type { PackedOrder } from '../orders/packed-order.ts';
import type { Script } from '../redis/script.ts';
import type { ActivityRow, Store } from '../store/store.ts';
import { heldOrders } from './held-orders.ts';
import { keysLifetime } from './load-facts.ts';
import type { Step } from './step.ts';

export interface RestoreOrders {
  readonly activity: ActivityRow;
  readonly store: Pick<Store, 'ordersPage' | 'deadLettersPage'>;
  /** `lua/restore-orders.lua`. */
  readonly script: Script;
  /** That the rebuild opens. */
  readonly epoch: number;
  readonly mark: string;
  readonly step: Step;
}

export interface RestoredOrder extends PackedOrder {
  readonly orderId: string;
  readonly status: OrderStatus;
}

export interface WrittenOrders {
  readonly orders: number;
  readonly pending: number;
  readonly batches: number;
  /** Batches, and where their orders stand: at least so many fields of the hash. */
  readonly fields: number;
  /** Batches of which orders are PENDING. */
  readonly dueBatches: number;
}

const PAGE = 500;
const MOST_PER_BATCH = 16;
/** A status is kept so long behind its order's last moment to pay. */
const KEPT_MS = 7 * 86_400_000;

/** Batches that the rebuild into this epoch has written, by their ids. */
export const isRestoredBatch = (id: string, epoch: number): boolean => id.startsWith(idsOf(epoch));
const idsOf = (epoch: number): string => `${epoch}r`;

/** What was written; undefined where another rebuild has taken over. */
export async function restoreOrders(restore: RestoreOrders): Promise<WrittenOrders | undefined> {
  const { activity, store, epoch } = restore;
  let lastPlaces = '';
  let written: WrittenOrders = { orders: 0, pending: 0, batches: 0, fields: 0, dueBatches: 0 };
  for await (const page of ordersOf(store, activity.activityId)) {
    const groups = groupsOf(page);
    const batches = groups.map((orders, at) => ({
      id: `${idsOf(epoch)}${written.batches + at}`,
      orders,
    }));
    if ((await writeBatches(restore, batches)) !== 'restored') return undefined;
    // Rows come by their ids, so those of a field come together.
    const places = [lastPlaces, ...page.map((order) => placesField(partsOf(order).ulid))];
    lastPlaces = places.at(-1) ?? '';
    const fields = places.filter((field, at) => at > 0 && field > (places[at - 1] ?? '')).length;
    written = {
      orders: written.orders + page.length,
      fields: written.fields + fields + groups.length,
      pending: written.pending + page.filter(isPending).length,
      batches: written.batches + groups.length,
      dueBatches: written.dueBatches + groups.filter((orders) => orders.some(isPending)).length,
    };
  }
  return written;
}

/** Rows, and behind them what waits for a decision as a dead letter and holds its units. */
async function* ordersOf(
  store: RestoreOrders['store'],
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

function partsOf({ orderId }: RestoredOrder): OrderIdParts {
  const parts = parseOrderId(orderId);
  if (parts === undefined) throw new Error(`the database holds an order "${orderId}"`);
  return parts;
}

const isPending = ({ status }: RestoredOrder): boolean => status === 'PENDING';

/** Orders that are due together, and those that are not due at all. */
function groupsOf(page: readonly RestoredOrder[]): readonly (readonly RestoredOrder[])[] {
  const byDue = Map.groupBy(page, (order) => (isPending(order) ? order.payBy : 'never'));
  return [...byDue.values()].flatMap((orders) =>
    Array.from({ length: Math.ceil(orders.length / MOST_PER_BATCH) }, (_, at) =>
      orders.slice(at * MOST_PER_BATCH, (at + 1) * MOST_PER_BATCH),
    ),
  );
}

interface Batch {
  readonly id: string;
  readonly orders: readonly RestoredOrder[];
}

async function writeBatches(
  { activity, script, epoch, mark, step }: RestoreOrders,
  batches: readonly Batch[],
): Promise<unknown> {
  const { skuId } = activity;
  const keys = [
    inventoryKeys.activity(skuId),
    inventoryKeys.pending(skuId),
    inventoryKeys.orders(skuId),
  ];
  const args: (string | number)[] = [mark, keysLifetime(activity), idsOf(epoch)];
  for (const { id, orders } of batches) {
    const byUlid = new Map(orders.map((order) => [partsOf(order).ulid, order]));
    const due = orders.find(isPending);
    const score = due === undefined ? '' : dueScore(due.payBy, orders.length);
    args.push(id, batchText(byUlid), score, orders.length);
    for (const order of orders) {
      keys.push(inventoryKeys.orderStatus(partsOf(order)));
      args.push(partsOf(order).ulid, order.status, order.payBy + KEPT_MS);
    }
  }
  return await step(script, keys, args);
}
