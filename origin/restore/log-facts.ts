// Gathers, record by record, what the order log knows of each activity.
import type { OrderEvent } from '../../shared/order-event.ts';
import type { LogRecord } from '../store/store.ts';
import { isBehind, type LoggedActivity, type Numbered, type OrderSample } from './facts.ts';

/** Ids of paid orders that are remembered: some 100 MB. */
const MAX_PAID = 1_000_000;

export interface LogFacts {
  /** Each partition's records in their order. */
  take(record: LogRecord, isWhole: boolean): void;
  activities(): readonly LoggedActivity[];
  /** The activity of a SKU's last event. */
  lastOf(skuId: string): string | undefined;
  /** Orders that were paid behind what the database has applied. */
  paid(): ReadonlySet<string>;
}

type Mutable<Value> = { -readonly [Key in keyof Value]: Value[Key] };

/** `appliedOf`: what the database has applied of an activity; undefined where nothing was loaded. */
export function gatherLogFacts(appliedOf: (activityId: string) => Numbered | undefined): LogFacts {
  const byId = new Map<string, Mutable<LoggedActivity>>();
  const lastBySku = new Map<string, string>();
  const paid = new Set<string>();
  return {
    take(record, isWhole) {
      if (record.kind !== 'event') return;
      const { event } = record;
      const applied = appliedOf(event.activityId);
      const known = byId.get(event.activityId) ?? begin(event, { applied, isWhole });
      byId.set(event.activityId, known);
      lastBySku.set(event.skuId, event.activityId);
      if (isBehind(event, known.newest)) known.newest = { epoch: event.epoch, seq: event.seq };
      known.until = Math.max(known.until, event.at);
      if (applied !== undefined && !isBehind(event, applied)) return;
      known.eventsBehind += 1;
      follow(known, event);
      if (event.type === 'paid' && event.order && paid.size < MAX_PAID)
        paid.add(event.order.orderId);
    },
    activities: () => [...byId.values()],
    lastOf: (skuId) => lastBySku.get(skuId),
    paid: () => paid,
  };
}

function begin(
  event: OrderEvent,
  { applied, isWhole }: { readonly applied: Numbered | undefined; readonly isWhole: boolean },
): Mutable<LoggedActivity> {
  const { activityId, skuId, epoch, seq, at } = event;
  const first = { epoch, seq };
  // Where records have gone with age, the oldest one left must join what was applied.
  const joins =
    applied === undefined ? seq <= 1 : !isBehind(first, { ...applied, seq: applied.seq + 1 });
  return {
    ...{ activityId, skuId, first, newest: first, eventsBehind: 0 },
    ...{ reachesBack: isWhole || joins, lastStock: undefined, mostStock: undefined },
    ...{ from: at, until: at, sample: undefined, unitsReserved: 0 },
  };
}

function follow(known: Mutable<LoggedActivity>, { type, stock, order }: OrderEvent): void {
  if (type === 'adjusted' && stock !== undefined) {
    known.lastStock = stock;
    known.mostStock = Math.max(known.mostStock ?? 0, stock);
  }
  if (type !== 'reserved' || !order || order.quantity < 1) return;
  known.unitsReserved += order.quantity;
  known.sample ??= sampleOf(order);
}

const sampleOf = (order: NonNullable<OrderEvent['order']>): OrderSample => ({
  price: Math.trunc(order.amount / order.quantity),
  currency: order.currency,
  paymentWindowMs: order.payBy - order.createdAt,
});
