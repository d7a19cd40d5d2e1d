// What is known of an order: from Redis at once, from the database where Redis does not know it or
// cannot be trusted, and why a CANCELLED one was cancelled from the database alone.
import { setTimeout as pause } from 'node:timers/promises';
import { inventoryKeys } from '../../shared/keys.ts';
import { type OrderIdParts, orderIdOf } from '../../shared/order-id.ts';
import type { ActivityRegistry } from '../activities/registry.ts';
import type { InventoryLink } from '../redis/inventory-link.ts';
import { pipelined } from '../redis/pipelined.ts';
import type { PaymentRow } from '../store/payments-port.ts';
import type { ActivityRow, OrderRow, Store } from '../store/store.ts';
import { type KnownOrder, knownOrder } from './known-order.ts';
import { placesField } from './order-batch.ts';

export type FoundOrder =
  | {
      readonly kind: 'order';
      readonly order: OrderRow;
      /** It has its row. */
      readonly isPersisted: boolean;
    }
  /** Neither Redis nor the database knows it. */
  | { readonly kind: 'nowhere' }
  /** The database does not know it, and Redis, which may, cannot be asked or believed now. */
  | { readonly kind: 'unsure' };

/** Rejects with `InfrastructureError` when the database must be asked and is away. */
export type FindOrder = (parts: OrderIdParts) => Promise<FoundOrder>;

export interface FindOrderOptions {
  readonly link: InventoryLink;
  readonly registry: Pick<ActivityRegistry, 'current'>;
  readonly store: Pick<Store, 'findOrder' | 'paymentsOfOrders'>;
  /** Hears that Redis did not answer; the database is asked instead. */
  readonly onError: (error: unknown) => void;
}

/** A cancellation is in the database some tens of milliseconds after it is in Redis. */
const REASON_TRIES = 6;
const REASON_PAUSE_MS = 50;
/** A Redis that is silent longer counts as away: the edge waits 2 s for all of the answer. */
const REDIS_WITHIN_MS = 1_000;

export function createFindOrder(options: FindOrderOptions): FindOrder {
  const { registry, store } = options;
  return async function findOrder(parts) {
    const activity = registry.current(parts.skuId);
    const inRedis = await askRedis(options, activity, parts);
    if (inRedis.kind === 'order') {
      const { order } = inRedis;
      if (order.status === 'CANCELLED') return explained(store, order);
      const isPersisted =
        inRedis.isMarked ||
        (isApplied(activity, order) && (await store.findOrder(order.orderId)) !== undefined);
      return { kind: 'order', order, isPersisted };
    }
    const row = await store.findOrder(orderIdOf(parts));
    if (row !== undefined) {
      return { kind: 'order', order: await withRefund(store, row), isPersisted: true };
    }
    return { kind: inRedis.kind };
  };
}

/** Replies that must be there; the mark behind them may stand at another server of a cluster. */
const NEEDED_REPLIES = 3;

type InRedis =
  | { readonly kind: 'order'; readonly order: OrderRow; readonly isMarked: boolean }
  | { readonly kind: 'nowhere' }
  | { readonly kind: 'unsure' };

async function askRedis(
  { link, onError }: FindOrderOptions,
  activity: ActivityRow | undefined,
  parts: OrderIdParts,
): Promise<InRedis> {
  if (activity?.state !== 'LOADED') return { kind: 'nowhere' };
  if (link.runId(activity.skuId) !== activity.runId) return { kind: 'unsure' };
  try {
    const { known, fence, mark } = await inTime(readAll(link, parts));
    // A closed fence: what Redis knows is answered, what it does not know proves nothing.
    if (known === undefined) return { kind: fence === '' ? 'nowhere' : 'unsure' };
    return { kind: 'order', order: rowOf(activity, parts, known), isMarked: mark === '1' };
  } catch (error) {
    onError(error);
    return { kind: 'unsure' };
  }
}

async function readAll({ redis }: InventoryLink, parts: OrderIdParts) {
  const pipeline = redis.pipeline();
  pipeline.get(inventoryKeys.orderStatus(parts));
  pipeline.hget(inventoryKeys.orders(parts.skuId), placesField(parts.ulid));
  pipeline.hget(inventoryKeys.activity(parts.skuId), 'fence');
  pipeline.get(inventoryKeys.dedup(orderIdOf(parts)));
  const [status, places, fence, mark] = await pipelined(pipeline, NEEDED_REPLIES);
  return { known: await knownOrder(redis, parts, { status, places }), fence, mark };
}

async function inTime<Value>(work: Promise<Value>): Promise<Value> {
  const done = new AbortController();
  const late = pause(REDIS_WITHIN_MS, undefined, { signal: done.signal }).then(() => {
    throw new Error('Redis did not answer in time');
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    done.abort();
  }
}

const rowOf = (
  { activityId, currency }: ActivityRow,
  parts: OrderIdParts,
  { status, order }: KnownOrder,
): OrderRow => ({
  ...order,
  ...{ orderId: orderIdOf(parts), skuId: parts.skuId, activityId, currency, status, reason: null },
});

/** The writer records in order: an event it has not come to has no row for certain. */
const isApplied = (activity: ActivityRow | undefined, { epoch, seq }: OrderRow): boolean =>
  activity !== undefined &&
  (epoch < activity.applied.epoch ||
    (epoch === activity.applied.epoch && seq <= activity.applied.seq));

/** A cancelled order with its reason, which the database learns a moment later than Redis. */
async function explained(
  store: FindOrderOptions['store'],
  order: OrderRow,
): Promise<Extract<FoundOrder, { kind: 'order' }>> {
  for (let attempt = 1; ; attempt += 1) {
    const row = await store.findOrder(order.orderId);
    if (row?.status === 'CANCELLED') {
      return { kind: 'order', order: await withRefund(store, row), isPersisted: true };
    }
    if (attempt >= REASON_TRIES) return { kind: 'order', order, isPersisted: row !== undefined };
    await pause(REASON_PAUSE_MS);
  }
}

/** Money that came for an order which is CANCELLED is what its buyer wants to know of first. */
async function withRefund(store: FindOrderOptions['store'], row: OrderRow): Promise<OrderRow> {
  if (row.status !== 'CANCELLED') return row;
  const reason = refundReason(await store.paymentsOfOrders([row.orderId]));
  return reason === undefined ? row : { ...row, reason };
}

function refundReason(payments: readonly PaymentRow[]): 'REFUND_DUE' | 'REFUNDED' | undefined {
  // Received for an order that is over: it will go back, or take a unit again and pay for it.
  if (payments.some(({ state }) => state === 'refund-due')) return 'REFUND_DUE';
  return payments.some(({ state }) => state === 'refunded') ? 'REFUNDED' : undefined;
}
