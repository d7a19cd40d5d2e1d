// The form of an outbox entry, as `lua/include/outbox.lua` writes it: id `epoch-last sequence`,
// fields `activity`, `at` and `events`; one line per event, numbered up to that sequence.

import type { OrderEvent } from '../../shared/order-event.ts';
import { isUlid, orderIdOf } from '../../shared/order-id.ts';
import type { LoggedEvent } from '../order-log/order-log.ts';
import { parsePackedOrder } from '../orders/packed-order.ts';

export interface OutboxLane {
  readonly skuId: string;
  readonly activityId: string;
  readonly currency: string;
}

const WHOLE = /^\d{1,16}$/;
const NO_TRACE = '-';

/** The events of one entry in order; throws on a form that no script of ours writes. */
export function parseOutboxEntry(
  lane: OutboxLane,
  id: string,
  fields: readonly string[],
): LoggedEvent[] {
  const [epoch, last] = id.split('-').map(parseWhole);
  const at = parseWhole(fieldOf(fields, 'at'));
  const lines = fieldOf(fields, 'events')?.split('\n');
  if (epoch === undefined || last === undefined || at === undefined || lines === undefined) {
    throw new Error(`outbox entry ${id} has another form`);
  }
  // The lane may be a former activity's, for half a second: its entries wait.
  if (fieldOf(fields, 'activity') !== lane.activityId) {
    throw new Error(`outbox entry ${id} is of another activity`);
  }
  const first = last - (lines.length - 1);
  if (first < 0) throw new Error(`outbox entry ${id} has more events than numbers`);
  return lines.map((line, index) => parseLine(lane, { epoch, seq: first + index, at }, line));
}

function parseLine(
  lane: OutboxLane,
  { epoch, seq, at }: { epoch: number; seq: number; at: number },
  line: string,
): LoggedEvent {
  const [type, ...parts] = line.split(' ');
  const { skuId, activityId, currency } = lane;
  const base = { version: 1, activityId, skuId, epoch, seq, at } as const;
  if (type === 'epoch' && seq === 0 && parts.length === 0) return { event: { ...base, type } };
  const [ulid = '', traceparent = '', ...rest] = parts;
  const packed = parsePackedOrder(rest.join(' '));
  const isReserved = type === 'reserved' && isUlid(ulid) && seq > 0;
  if (!isReserved || packed?.epoch !== epoch || packed.seq !== seq) {
    throw new Error(`outbox event ${epoch}-${seq} has another form`);
  }
  const { userId, quantity, amount, createdAt, payBy } = packed;
  const order: NonNullable<OrderEvent['order']> = {
    orderId: orderIdOf({ skuId, ulid }),
    userId,
    quantity,
    amount,
    currency,
    status: 'PENDING',
    createdAt,
    payBy,
  };
  const event: OrderEvent = { ...base, type, order };
  return traceparent === NO_TRACE ? { event } : { event, traceparent };
}

function fieldOf(fields: readonly string[], name: string): string | undefined {
  const at = fields.indexOf(name);
  return at === -1 ? undefined : fields[at + 1];
}

function parseWhole(text: string | undefined): number | undefined {
  if (text === undefined || !WHOLE.test(text)) return undefined;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : undefined;
}
