import { expect, test } from 'vitest';
import type { OrderEvent } from '../../../shared/order-event.ts';
import { messageOf, messageOfUnreadable, recordOf } from './record.ts';

const event: OrderEvent = {
  version: 1,
  type: 'reserved',
  activityId: 'a',
  skuId: 'tea',
  epoch: 2,
  seq: 7,
  at: 5,
  order: {
    orderId: 'tea-01ARZ3NDEKTSV4RRFFQ69G5FAV',
    userId: 'ann',
    quantity: 1,
    amount: 199,
    currency: 'USD',
    status: 'PENDING',
    createdAt: 5,
    payBy: 905,
  },
};
const read = (value: string | null, headers = {}) =>
  recordOf({ value: value === null ? null : Buffer.from(value), headers }, 'topic/0/1');

test('an event read back is the event written', () => {
  const message = messageOf({ event, traceparent: 'trace' });
  expect(message).toMatchObject({
    key: 'tea',
    headers: { type: 'reserved', traceparent: 'trace' },
  });
  const headers = { type: Buffer.from('reserved'), traceparent: Buffer.from('trace') };
  expect(read(String(message.value), headers)).toEqual({
    kind: 'event',
    event,
    traceparent: 'trace',
    position: 'topic/0/1',
  });
});

test('no trace, no header and no member', () => {
  expect(messageOf({ event }).headers).toEqual({ type: 'reserved' });
  expect(Object.keys(read(JSON.stringify(event)))).toEqual(['kind', 'event', 'position']);
});

test('a member that a later version adds is passed over', () => {
  expect(read(JSON.stringify({ ...event, colour: 'red' }))).toMatchObject({ kind: 'event', event });
});

test.each([
  { value: null, reason: 'not JSON' },
  { value: '{', reason: 'not JSON' },
  { value: 'null', reason: /^record: / },
  { value: JSON.stringify({ ...event, version: 2 }), reason: /^version: / },
  { value: JSON.stringify({ ...event, seq: -1 }), reason: /^seq: / },
  {
    value: JSON.stringify({ ...event, order: { ...event.order, quantity: 0.5 } }),
    reason: /^order\.quantity: /,
  },
])('$value cannot be read', ({ value, reason }) => {
  const record = read(value);
  expect(record).toMatchObject({ kind: 'unreadable', text: value ?? '', position: 'topic/0/1' });
  expect(record.kind === 'unreadable' && record.reason).toMatch(reason);
});

test('what nobody could read in an outbox comes through as it stood there', () => {
  const entry = {
    ...{ text: '["at","noon"]', reason: 'another form', position: 'outbox/noon/1-3' },
    lost: { activityId: 'noon', skuId: 'tea', epoch: 1, seq: 3 },
  };
  const { key, value } = messageOfUnreadable(entry);
  expect(key).toBe('tea');
  expect(read(String(value))).toEqual({ kind: 'unreadable', ...entry });
});
