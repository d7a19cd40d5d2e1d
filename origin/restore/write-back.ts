// Where no order log was kept (the embedded stack) Redis itself tells of the time behind the backup:
// what its orders are now becomes events of an epoch of their own, which go through the writer's
// own step.
import type { OrderEvent } from '../../shared/order-event.ts';
import type { Redis } from '../redis/client.ts';
import type { LogRecord, OrderRow, Store } from '../store/store.ts';
import type { ServedActivity } from './facts.ts';
import { type HeldOrder, ordersInRedis, type Step, stepsBetween } from './orders-in-redis.ts';

export interface WriteBack {
  readonly store: Pick<Store, 'findOrder' | 'applyRecords' | 'findActivity' | 'summary'>;
  readonly inventory: Redis;
  readonly served: ServedActivity;
}

interface Compared {
  readonly differing: number;
  /** Units of orders that Redis holds. */
  readonly units: number;
  readonly paid: ReadonlySet<string>;
}

const PER_BATCH = 500;

/** How many orders differ from their rows; changes nothing. */
export async function compareOrders({ store, inventory, served }: WriteBack): Promise<Compared> {
  const [seen, paid] = [new Set<string>(), new Set<string>()];
  let [differing, units] = [0, 0];
  for await (const held of eachOrder(inventory, served, seen)) {
    const steps = stepsBetween(await store.findOrder(held.orderId), held);
    if (held.status !== 'CANCELLED') units += held.facts.quantity;
    if (steps.length > 0) differing += 1;
    if (steps.includes('paid')) paid.add(held.orderId);
  }
  return { differing, units, paid };
}

/**
 * Makes the rows say what Redis says, under `epoch`, which is above every known one. Safe to repeat:
 * then nothing differs. Resolves to how many orders differed.
 */
export async function writeBack(
  options: WriteBack,
  { epoch, currency, now }: Opening,
): Promise<number> {
  const { store, inventory, served } = options;
  const { differing, units } = await compareOrders(options);
  const before = (await store.findActivity(served.activityId))?.applied;
  let kept = await unitsGone(options, { units, soldBefore: before?.sold ?? 0 });
  const seen = new Set<string>();
  const events = numberedEvents(served, { epoch, currency, now });
  let batch: LogRecord[] = [events.opening()];
  // More units come before those who bought them, fewer behind those who gave them back.
  const total = Number(served.texts.total);
  const stock = before?.stock ?? total;
  if (total > stock) batch.push(events.adjusted(total));
  for await (const held of eachOrder(inventory, served, seen)) {
    const row = await store.findOrder(held.orderId);
    const { quantity } = held.facts;
    const isGone = mayBeGone(row, held) && quantity <= kept;
    if (isGone) kept -= quantity;
    for (const step of stepsBetween(row, held)) {
      // Units that are gone were sold before: a row that was never made is made first.
      if (isGone && row === undefined) batch.push(events.next('reserved', held, 'return'));
      batch.push(events.next(step, held, isGone ? 'stay' : 'return'));
    }
    if (batch.length < PER_BATCH) continue;
    await store.applyRecords(batch);
    batch = [];
  }
  if (total < stock) batch.push(events.adjusted(total));
  if (batch.length > 0) await store.applyRecords(batch);
  return differing;
}

interface Opening {
  readonly epoch: number;
  readonly currency: string;
  readonly now: number;
}

/** Units that were refunded behind the backup and did not come back: sold, and no order's. */
async function unitsGone(
  { store, served }: WriteBack,
  { units, soldBefore }: { readonly units: number; readonly soldBefore: number },
): Promise<number> {
  const goneBefore = soldBefore - (await store.summary(served.activityId)).sold;
  return Math.max(0, served.sold - units - goneBefore);
}

const mayBeGone = (row: OrderRow | undefined, { status }: HeldOrder): boolean =>
  status === 'CANCELLED' && (row === undefined || row.status === 'PAID');

async function* eachOrder(
  redis: Redis,
  served: ServedActivity,
  seen: Set<string>,
): AsyncGenerator<HeldOrder> {
  for await (const page of ordersInRedis(redis, served)) {
    for (const held of page) {
      if (seen.has(held.orderId)) continue;
      seen.add(held.orderId);
      yield held;
    }
  }
}

const STATUSES = { reserved: 'PENDING', paid: 'PAID', cancelled: 'CANCELLED' } as const;

function numberedEvents({ activityId, skuId }: ServedActivity, { epoch, currency, now }: Opening) {
  let seq = 0;
  const base = { version: 1, activityId, skuId, epoch, at: now } as const;
  const recordOf = (event: OrderEvent): LogRecord => ({
    ...{ kind: 'event', event, position: `redis/${event.epoch}-${event.seq}` },
  });
  return {
    opening: () => recordOf({ ...base, type: 'epoch', seq: 0 }),
    adjusted(stock: number): LogRecord {
      seq += 1;
      return recordOf({ ...base, type: 'adjusted', seq, stock });
    },
    /** Why an order was cancelled Redis does not keep: a failure took that. */
    next(type: Step, { orderId, facts }: HeldOrder, units: 'return' | 'stay'): LogRecord {
      seq += 1;
      const { userId, quantity, amount, createdAt, payBy } = facts;
      const order = {
        ...{ orderId, userId, quantity, amount, currency, status: STATUSES[type] },
        ...(type === 'cancelled' ? { reason: 'LOST_IN_FAILURE' as const } : {}),
        ...{ createdAt, payBy },
      };
      const end = type === 'cancelled' && units === 'stay' ? { restock: false } : {};
      return recordOf({ ...base, type, seq, order, ...end });
    },
  };
}
