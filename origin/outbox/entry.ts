// The form of an outbox entry, as `lua/include/outbox.lua` writes it: id `epoch-last sequence`,
// fields `at` and `events`; one line per event, numbered up to that sequence.

import type { OrderEvent } from '../../shared/order-event.ts';
import { orderIdOf } from '../../shared/order-id.ts';
import type { LoggedEvent } from '../order-log/order-log.ts';

export interface OutboxLane {
  readonly skuId: string;
  readonly activityId: string;
  readonly currency: string;
}

/** The events of one entry in order; throws on a form that no script of ours writes. */
export function parseOutboxEntry(
  lane: OutboxLane,
  id: string,
  fields: readonly string[],
): LoggedEvent[] {
  const [epoch, last] = id.split('-').map(Number);
  const at = Number(fields[fields.indexOf('at') + 1]);
  const lines = (fields[fields.indexOf('events') + 1] ?? '').split('\n');
  if (epoch === undefined || last === undefined || !Number.isSafeInteger(at)) {
    throw new Error(`outbox entry ${id} has another form`);
  }
  return lines.map((line, index) => {
    const seq = last - (lines.length - 1 - index);
    return parseLine(lane, { epoch, seq, at }, line);
  });
}

function parseLine(
  lane: OutboxLane,
  { epoch, seq, at }: { epoch: number; seq: number; at: number },
  line: string,
): LoggedEvent {
  const [type, ...parts] = line.split(' ');
  const { skuId, activityId, currency } = lane;
  const base = { version: 1, activityId, skuId, epoch, seq, at } as const;
  if (type === 'epoch') return { event: { ...base, type } };
  const [ulid, userId, quantity, amount, payBy, traceparent] = parts;
  if (type !== 'reserved' || ulid === undefined || userId === undefined) {
    throw new Error(`outbox event ${epoch}-${seq} has another form`);
  }
  const order: NonNullable<OrderEvent['order']> = {
    orderId: orderIdOf({ skuId, ulid }),
    userId,
    quantity: Number(quantity),
    amount: Number(amount),
    currency,
    status: 'PENDING',
    createdAt: at,
    payBy: Number(payBy),
  };
  const event: OrderEvent = { ...base, type, order };
  return traceparent === undefined || traceparent === '-' ? { event } : { event, traceparent };
}
