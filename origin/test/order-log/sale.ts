import { randomUUID } from 'node:crypto';
import { parseActivityTerms } from '../../../shared/activity.ts';
import type { OrderEvent } from '../../../shared/order-event.ts';
import { mintUlid, orderIdOf } from '../../../shared/order-id.ts';
import type { LoggedEvent } from '../../order-log/order-log.ts';
import type { Store } from '../../store/store.ts';

/** A loaded activity with a SKU of its own. */
export interface Sale {
  readonly skuId: string;
  readonly activityId: string;
  readonly currency: string;
}

const HOUR_MS = 3_600_000;
export const STOCK = 1_000_000;

export async function openSale(store: Store): Promise<Sale> {
  const skuId = `sku_${randomUUID().replaceAll('-', '').slice(0, 24)}`;
  const activityId = randomUUID();
  const now = Date.now();
  const body = {
    skuId,
    stock: STOCK,
    price: 1_999,
    startAt: new Date(now - HOUR_MS).toISOString(),
    endAt: new Date(now + HOUR_MS).toISOString(),
    limitPerUser: 100,
  };
  const parsed = parseActivityTerms(body, { createdAt: now });
  if (parsed.kind === 'invalid') throw new Error(JSON.stringify(parsed.errors));
  await store.insertActivity({ activityId, terms: parsed.terms, now });
  await store.markLoaded({ activityId, runId: 'of-this-test' });
  return { skuId, activityId, currency: parsed.terms.currency };
}

/** Reservations numbered `from` to `to`; asked again for the same numbers, the same events. */
export function createEvents(sale: Sale, epoch = 1): (from: number, to: number) => LoggedEvent[] {
  const made: LoggedEvent[] = [];
  return (from, to) => {
    while (made.length < to) made.push(reservation(sale, epoch, made.length + 1));
    return made.slice(from - 1, to);
  };
}

function reservation({ skuId, activityId, currency }: Sale, epoch: number, seq: number) {
  const at = 1_700_000_000_000 + seq;
  const order = {
    orderId: orderIdOf({ skuId, ulid: mintUlid(at) }),
    userId: `user-${seq}`,
    quantity: 1,
    amount: 1_999,
    currency,
    status: 'PENDING' as const,
    createdAt: at,
    payBy: at + 900_000,
  };
  const event: OrderEvent = {
    version: 1,
    type: 'reserved',
    activityId,
    skuId,
    epoch,
    seq,
    at,
    order,
  };
  return { event, traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` };
}

/** The event that opens an epoch. */
export function epochEvent({ skuId, activityId }: Sale, epoch: number): LoggedEvent {
  return {
    event: { version: 1, type: 'epoch', activityId, skuId, epoch, seq: 0, at: Date.now() },
  };
}
