// The form of an outbox entry, as `lua/include/outbox.lua` writes it: id `epoch-last sequence`,
// fields `activity` and `at`, and then `events`, one line per event, numbered up to that sequence, or
// the new orders of one call.
import type { OrderEvent } from '../../shared/order-event.ts';
import { isUlid } from '../../shared/order-id.ts';
import { CANCEL_REASONS } from '../../shared/words.ts';
import type { LoggedEvent } from '../order-log/order-log.ts';
import { parsePackedOrder } from '../orders/packed-order.ts';
import { parseNewOrders } from './new-orders.ts';
import {
  type EventPlace,
  type NumberedEvent,
  numberedEvent,
  type OutboxLane,
  orderFacts,
} from './numbered-event.ts';

export type { OutboxLane } from './numbered-event.ts';

const WHOLE = /^\d{1,16}$/;
const NO_TRACE = '-';
/** `TYPE ulid traceparent FACTS`, and the reason behind a cancellation: in one go, for each event. */
const ORDER_LINE = /^([a-z]+) (\S+) (\S+) (\S+(?: \d+){6})(?: (\S+))?$/;

/** The events of one entry in order; throws on a form that no script of ours writes. */
export function parseOutboxEntry(
  lane: OutboxLane,
  id: string,
  fields: readonly string[],
): LoggedEvent[] {
  const [epoch, last] = id.split('-').map(parseWhole);
  const at = parseWhole(fieldOf(fields, 'at'));
  if (epoch === undefined || last === undefined || at === undefined) throw anotherForm(id);
  // The lane may be a former activity's, for half a second: its entries wait.
  if (fieldOf(fields, 'activity') !== lane.activityId) {
    throw new Error(`outbox entry ${id} is of another activity`);
  }
  const [events, head, orders, traces] = ['events', 'head', 'orders', 'traces'].map((name) =>
    fieldOf(fields, name),
  );
  if (events === undefined && head !== undefined && orders !== undefined && traces !== undefined) {
    const made = { head, orders, traces };
    const found = parseNewOrders(lane, { epoch, seq: last, at }, made);
    if (found === undefined) throw anotherForm(id);
    return found;
  }
  if (events === undefined || orders !== undefined) throw anotherForm(id);
  const lines = events.split('\n');
  const first = last - (lines.length - 1);
  if (first < 0) throw new Error(`outbox entry ${id} has more events than numbers`);
  return lines.map((line, index) => parseLine(lane, { epoch, seq: first + index, at }, line));
}

/** How many events an entry of ours holds, without reading them: they stand a line each. */
export const countEvents = (fields: readonly string[]): number =>
  (fieldOf(fields, 'orders') ?? fieldOf(fields, 'events'))?.split('\n').length ?? 1;

const anotherForm = (id: string): Error => new Error(`outbox entry ${id} has another form`);

/** The order's status behind each kind of line. `voided` is a cancellation that gives nothing back. */
const STATUSES = {
  reserved: 'PENDING',
  paid: 'PAID',
  cancelled: 'CANCELLED',
  voided: 'CANCELLED',
} as const;

function parseLine(lane: OutboxLane, place: EventPlace, line: string): LoggedEvent {
  const base = numberedEvent(lane, place);
  const order = ORDER_LINE.exec(line);
  const logged = order === null ? parseActivityLine(base, line) : parseOrderLine(lane, base, order);
  if (logged === undefined)
    throw new Error(`outbox event ${base.epoch}-${base.seq} has another form`);
  return logged;
}

function parseActivityLine(base: NumberedEvent, line: string): LoggedEvent | undefined {
  const [type, total, ...rest] = line.split(' ');
  if (type === 'epoch') {
    return base.seq === 0 && total === undefined ? { event: { ...base, type } } : undefined;
  }
  const stock = parseWhole(total);
  if (type !== 'adjusted' || stock === undefined) return undefined;
  if (rest.length > 0 || base.seq === 0) return undefined;
  return { event: { ...base, type, stock } };
}

function parseOrderLine(
  lane: OutboxLane,
  base: NumberedEvent,
  parts: RegExpExecArray,
): LoggedEvent | undefined {
  const [, word = '', ulid = '', traceparent = '', packed = '', why] = parts;
  const facts = parsePackedOrder(packed);
  const reason = CANCEL_REASONS.find((known) => known === why);
  const type = isOrderWord(word) ? word : undefined;
  const isCancelled = type === 'cancelled' || type === 'voided';
  const isWhole = isCancelled === (why !== undefined);
  if (type === undefined || facts === undefined || !isWhole || !isUlid(ulid)) return undefined;
  if (isCancelled !== (reason !== undefined) || !isInPlace(base, type, facts)) return undefined;
  const state = { status: STATUSES[type], ...(reason && { reason }) };
  const order = orderFacts(lane, ulid, facts, state);
  const event: OrderEvent =
    type === 'voided'
      ? { ...base, type: 'cancelled', order, restock: false }
      : { ...base, type, order };
  return traceparent === NO_TRACE ? { event } : { event, traceparent };
}

/** A reservation names its own number, what follows it an earlier one or (`LOST_IN_FAILURE`) its own. */
function isInPlace(
  { epoch, seq }: NumberedEvent,
  type: keyof typeof STATUSES,
  facts: { readonly epoch: number; readonly seq: number },
): boolean {
  if (seq === 0 || facts.epoch > epoch) return false;
  const isOwn = facts.epoch === epoch && facts.seq === seq;
  if (type === 'reserved') return isOwn;
  return facts.epoch < epoch || facts.seq < seq || (isOwn && type === 'cancelled');
}

const isOrderWord = (word: string): word is keyof typeof STATUSES => Object.hasOwn(STATUSES, word);

function fieldOf(fields: readonly string[], name: string): string | undefined {
  const at = fields.indexOf(name);
  return at === -1 ? undefined : fields[at + 1];
}

function parseWhole(text: string | undefined): number | undefined {
  if (text === undefined || !WHOLE.test(text)) return undefined;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : undefined;
}
