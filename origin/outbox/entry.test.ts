import { expect, test } from 'vitest';
import { parseOutboxEntry } from './entry.ts';

const lane = { skuId: 'tea', activityId: 'noon', currency: 'USD' };
const ULID = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
const line = (user: string, { seq = 8, trace = '-' } = {}) =>
  `reserved ${ULID} ${trace} ${user} 2 398 4 905 3 ${seq}`;
const fields = (...lines: string[]) => [
  ...['activity', 'noon', 'at', '5'],
  ...['events', lines.join('\n')],
];

test('events are numbered up to the sequence in the id', () => {
  const [first, second] = parseOutboxEntry(
    lane,
    '3-8',
    fields(line('ann', { seq: 7, trace: 'trace' }), line('bob')),
  );
  expect(first).toEqual({
    traceparent: 'trace',
    event: {
      version: 1,
      type: 'reserved',
      activityId: 'noon',
      skuId: 'tea',
      epoch: 3,
      seq: 7,
      at: 5,
      order: {
        orderId: `tea-${ULID}`,
        userId: 'ann',
        quantity: 2,
        amount: 398,
        currency: 'USD',
        status: 'PENDING',
        createdAt: 4,
        payBy: 905,
      },
    },
  });
  expect(second).toMatchObject({ event: { seq: 8, order: { userId: 'bob' } } });
  expect(second).not.toHaveProperty('traceparent');
});

test('an epoch opens with number 0', () => {
  expect(parseOutboxEntry(lane, '4-0', fields('epoch'))).toEqual([
    {
      event: {
        version: 1,
        type: 'epoch',
        activityId: 'noon',
        skuId: 'tea',
        epoch: 4,
        seq: 0,
        at: 5,
      },
    },
  ]);
});

test.each([
  ['an id without sequence', '3', fields(line('ann'))],
  ['an id that is no number', '3-x', fields(line('ann'))],
  ['no time', '3-8', ['activity', 'noon', 'events', line('ann')]],
  ['no events', '3-8', ['activity', 'noon', 'at', '5']],
  ['no activity', '3-8', ['at', '5', 'events', line('ann')]],
  ['another activity', '3-8', ['activity', 'one', 'at', '5', 'events', line('ann')]],
  ['an empty line', '3-8', fields('')],
  ['an unknown type', '3-8', fields(line('ann').replace('reserved', 'taken'))],
  ['a part too few', '3-8', fields(line('ann').replace(' 905', ''))],
  ['a part too many', '3-8', fields(`${line('ann')} 9`)],
  ['a quantity that is no number', '3-8', fields(line('ann').replace(' 2 ', ' two '))],
  ['an amount beyond whole numbers', '3-8', fields(line('ann').replace('398', '9'.repeat(16)))],
  ['an id that is no ULID', '3-8', fields(line('ann').replace(ULID, 'tea'))],
  ['an event of another number', '3-8', fields(line('ann', { seq: 7 }))],
  ['an event of another epoch', '4-8', fields(line('ann'))],
  ['an epoch with another number', '3-8', fields('epoch')],
  ['more events than numbers', '3-1', fields(line('ann', { seq: 0 }), line('bob', { seq: 1 }))],
])('%s is no entry of ours', (_what, id, found) => {
  expect(() => parseOutboxEntry(lane, id, found)).toThrow('outbox');
});
