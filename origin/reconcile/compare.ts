// Compares what the inventory Redis and the database say of an activity, counting what is in flight:
// events that the outbox or the order log hold and the writer has not applied yet. Events that none
// of them holds are a difference of their own.
import { inventoryKeys } from '../../shared/keys.ts';
import { type OrderIdParts, parseOrderId } from '../../shared/order-id.ts';
import { heldOrders } from '../fence/held-orders.ts';
import type { Backlog } from '../order-log/backlog.ts';
import { mayBeForgotten } from '../orders/forgotten.ts';
import { parseStatus } from '../orders/known-order.ts';
import type { InventoryLink } from '../redis/inventory-link.ts';
import { pipelined } from '../redis/pipelined.ts';
import { ordersInRedis } from '../restore/orders-in-redis.ts';
import type { ActivityRow, OrderRow, Store } from '../store/store.ts';

export interface Difference {
  /** What is compared: a counter's name, `order <id>` or `user <id>`. */
  readonly what: string;
  readonly redis: string;
  readonly database: string;
}

export interface Comparison {
  readonly activityId: string;
  readonly epoch: number;
  /** Events that Redis has numbered and the database has not applied. */
  readonly inFlight: number;
  /** Batches of events in the outbox. */
  readonly outboxEntries: number;
  /** Records of the order log that the writer has not taken; looked at where the outbox is empty. */
  readonly loggedRecords: number;
  readonly orders: number;
  readonly users: number;
  readonly differences: readonly Difference[];
  /** There are more; so many were listed. */
  readonly isCut: boolean;
}

export interface ReconcileParts {
  readonly link: Pick<InventoryLink, 'redis' | 'runId'>;
  readonly store: Pick<
    Store,
    | 'findActivity'
    | 'ordersPage'
    | 'userCountsPage'
    | 'unitsInDeadLetters'
    | 'deadLettersPage'
    | 'summary'
  >;
  readonly userKey: (userId: string) => string;
  readonly backlog: Backlog;
}

const PAGE = 500;

interface Counters {
  readonly epoch: string | null;
  readonly total: number;
  readonly stock: number;
  readonly sold: number;
  readonly sequence: number;
  readonly outboxEntries: number;
}

/** One look; rejects when Redis or the database is away. At most `limit` differences are listed. */
export async function compare(
  parts: ReconcileParts,
  activity: ActivityRow,
  limit: number,
): Promise<Comparison> {
  // Counted first: whatever is found by then is numbered up to the sequence that is read behind it.
  const held = await countOrders(parts, activity);
  const counters = await readCounters(parts, activity);
  const found: Difference[] = [];
  const add = (one: Difference): void => {
    if (found.length <= limit) found.push(one);
  };
  await compareCounters(parts, { activity, counters }, add);
  const loggedRecords = await compareEvents(parts, { activity, counters }, add);
  const orders = await compareOrders(parts, activity, add);
  await compareNumberOfOrders(parts, { activity, rows: orders, held, counters }, add);
  const users = await compareUsers(parts, activity, add);
  const { activityId, epoch, applied } = activity;
  return {
    ...{ activityId, epoch, inFlight: counters.sequence - applied.seq },
    ...{ outboxEntries: counters.outboxEntries, loggedRecords },
    ...{ orders, users, differences: found.slice(0, limit), isCut: found.length > limit },
  };
}

async function readCounters({ link }: ReconcileParts, { skuId }: ActivityRow): Promise<Counters> {
  const pipeline = link.redis
    .pipeline()
    .hmget(inventoryKeys.activity(skuId), 'epoch', 'total')
    .mget(inventoryKeys.stock(skuId), inventoryKeys.sold(skuId), inventoryKeys.sequence(skuId))
    .xlen(inventoryKeys.outbox(skuId));
  const [facts, numbers, length] = await pipelined(pipeline);
  const [epoch, total]: unknown[] = Array.isArray(facts) ? facts : [];
  const [stock, sold, sequence] = (Array.isArray(numbers) ? numbers : []).map(Number);
  return {
    ...{ epoch: typeof epoch === 'string' ? epoch : null, total: Number(total) },
    ...{ stock: stock ?? 0, sold: sold ?? 0, sequence: sequence ?? 0 },
    outboxEntries: Number(length),
  };
}

async function compareCounters(
  { store }: ReconcileParts,
  { activity, counters }: { readonly activity: ActivityRow; readonly counters: Counters },
  add: (one: Difference) => void,
): Promise<void> {
  const { activityId, epoch, applied } = activity;
  const { total, stock, sold, sequence } = counters;
  const differ = (what: string, redis: unknown, database: unknown): void => {
    if (String(redis) !== String(database)) {
      add({ what, redis: String(redis), database: String(database) });
    }
  };
  differ('epoch', counters.epoch, epoch);
  differ('stock + sold', stock + sold, total);
  if (sequence < applied.seq) differ('number of the last event', sequence, applied.seq);
  if (sequence !== applied.seq) return;
  const dead = await store.unitsInDeadLetters(activityId);
  differ('sold', sold, applied.sold + dead);
  differ('total', total, applied.stock);
}

/**
 * Events that are numbered and stand nowhere. Looked for in the order in which they travel (the outbox
 * was empty behind the number), so that none slips by in between.
 */
async function compareEvents(
  { store, backlog }: ReconcileParts,
  { activity, counters }: { readonly activity: ActivityRow; readonly counters: Counters },
  add: (one: Difference) => void,
): Promise<number> {
  const { activityId, skuId, epoch, applied } = activity;
  const { sequence, outboxEntries } = counters;
  if (outboxEntries > 0 || sequence <= applied.seq) return 0;
  const logged = await backlog(skuId);
  if (logged > 0) return logged;
  const now = (await store.findActivity(activityId))?.applied ?? applied;
  if (now.epoch === epoch && now.seq < sequence) {
    add({ what: 'events', redis: `made up to ${sequence}`, database: `has up to ${now.seq}` });
  }
  return 0;
}

/**
 * Orders that Redis alone knows, where nothing in flight explains them. The other way round nothing
 * is wrong: what was never sold, for it came too late, has a row only.
 */
async function compareNumberOfOrders(
  { store }: ReconcileParts,
  {
    activity: { activityId, applied },
    rows,
    held,
    counters,
  }: {
    readonly activity: ActivityRow;
    readonly rows: number;
    readonly held: number;
    readonly counters: Counters;
  },
  add: (one: Difference) => void,
): Promise<void> {
  if (counters.sequence !== applied.seq || held <= rows) return;
  const known = rows + (await heldOrders(store, activityId)).length;
  if (held <= known) return;
  add({ what: 'orders', redis: String(held), database: String(known) });
}

/** How many orders Redis knows; one that comes twice in a scan counts once. */
async function countOrders({ link }: ReconcileParts, activity: ActivityRow): Promise<number> {
  const seen = new Set<string>();
  for await (const page of ordersInRedis(link.redis, activity)) {
    for (const { orderId } of page) seen.add(orderId);
  }
  return seen.size;
}

/** Every row against the status that Redis has of it. */
async function compareOrders(
  { link, store }: ReconcileParts,
  activity: ActivityRow,
  add: (one: Difference) => void,
): Promise<number> {
  const { activityId } = activity;
  let count = 0;
  for (let afterOrderId = ''; ; ) {
    const page = await store.ordersPage({ activityId, afterOrderId, limit: PAGE });
    const last = page.at(-1);
    if (last === undefined) return count;
    const statuses = await link.redis.mget(page.map(statusKey));
    for (const [index, { orderId, status, reason }] of page.entries()) {
      const word = parseStatus(statuses[index]) ?? 'unknown';
      // What was never sold never stood in Redis, or stands there no more; nor what ended long ago.
      const isOld = status === 'PAID' && mayBeForgotten(ulidOf(orderId), activity);
      const isAbsent = word === 'unknown' && (status === 'CANCELLED' || isOld);
      if (word !== status && !isAbsent) {
        add({
          what: `order ${orderId}`,
          redis: word,
          database: `${status} ${reason ?? ''}`.trim(),
        });
      }
    }
    count += page.length;
    afterOrderId = last.orderId;
  }
}

const statusKey = ({ orderId }: OrderRow): string => inventoryKeys.orderStatus(partsOf(orderId));
const ulidOf = (orderId: string): string => partsOf(orderId).ulid;

function partsOf(orderId: string): OrderIdParts {
  const parts = parseOrderId(orderId);
  if (parts === undefined) throw new Error(`the database holds an order "${orderId}"`);
  return parts;
}

async function compareUsers(
  { link, store, userKey }: ReconcileParts,
  { activityId, skuId }: ActivityRow,
  add: (one: Difference) => void,
): Promise<number> {
  let users = 0;
  for (let afterUserId = ''; ; ) {
    const page = await store.userCountsPage({ activityId, afterUserId, limit: PAGE });
    const last = page.at(-1);
    if (last === undefined) return users;
    const keys = page.map(({ userId }) => inventoryKeys.userPurchase(skuId, userKey(userId)));
    const counts = await link.redis.mget(keys);
    for (const [index, { userId, count }] of page.entries()) {
      const held = Number(counts[index] ?? 0);
      if (held !== count) {
        add({ what: `user ${userId}`, redis: String(held), database: String(count) });
      }
    }
    users += page.length;
    afterUserId = last.userId;
  }
}
