// The form of a record in the topic of orders: key = skuId, so that a SKU's events stay in one
// partition in order; value = the event as JSON; headers `type` and `traceparent`. What nobody could
// read in the outbox stands in its place in the order, type `unreadable`.
import type { KafkaMessage, Message } from 'kafkajs';
import * as v from 'valibot';
import { orderEventSchema } from '../../../shared/order-event.ts';
import type { LogRecord } from '../../store/store.ts';
import type { LoggedEvent, UnreadableEntry } from '../order-log.ts';

const count = v.pipe(v.number(), v.minValue(0));
const unreadableSchema = v.object({
  version: v.literal(1),
  type: v.literal('unreadable'),
  text: v.string(),
  reason: v.string(),
  position: v.string(),
  lost: v.object({ activityId: v.string(), skuId: v.string(), epoch: count, seq: count }),
});

export function messageOf({ event, traceparent }: LoggedEvent): Message {
  const headers =
    traceparent === undefined ? { type: event.type } : { type: event.type, traceparent };
  return { key: event.skuId, value: JSON.stringify(event), headers };
}

export function messageOfUnreadable(entry: UnreadableEntry): Message {
  const value = { version: 1, type: 'unreadable', ...entry };
  return {
    key: entry.lost.skuId,
    value: JSON.stringify(value),
    headers: { type: 'unreadable' },
  };
}

/** What a record says, or why it cannot be read; never throws. */
export function recordOf(
  message: Pick<KafkaMessage, 'value' | 'headers'>,
  position: string,
): LogRecord {
  const text = message.value?.toString('utf8') ?? '';
  const unreadable = (reason: string): LogRecord => ({
    kind: 'unreadable',
    text,
    reason,
    position,
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return unreadable('not JSON');
  }
  const parsed = v.safeParse(orderEventSchema, json, { abortEarly: true });
  if (!parsed.success) {
    const buried = v.safeParse(unreadableSchema, json);
    if (buried.success) {
      const { text: entry, reason, position: place, lost } = buried.output;
      return { kind: 'unreadable', text: entry, reason, position: place, lost };
    }
    const [issue] = parsed.issues;
    return unreadable(`${v.getDotPath(issue) ?? 'record'}: ${issue.message}`);
  }
  const event = parsed.output;
  const traceparent = message.headers?.traceparent?.toString();
  return traceparent === undefined
    ? { kind: 'event', event, position }
    : { kind: 'event', event, traceparent, position };
}
