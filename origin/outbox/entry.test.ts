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

const FACTS = 'ann 2 398 4 905 3 2';
const of = (...lines: string[]) =>
  parseOutboxEntry(lane, '3-8', fields(...lines)).map(({ event }) => event);

test('what follows a reservation carries its order, as it stands then', () => {
  const [paid, cancelled, voided] = of(
    `paid ${ULID} - ${FACTS}`,
    `cancelled ${ULID} - ${FACTS} EXPIRED`,
    `voided ${ULID} - ${FACTS} REFUNDED`,
  );
  const orderId = `tea-${ULID}`;
  expect(paid).toMatchObject({ type: 'paid', seq: 6, order: { orderId, status: 'PAID' } });
  const [expired, refunded] = [{ reason: 'EXPIRED' }, { reason: 'REFUNDED' }];
  expect(cancelled).toMatchObject({ type: 'cancelled', seq: 7, order: expired });
  expect(cancelled).not.toHaveProperty('restock');
  expect(voided).toMatchObject({ type: 'cancelled', seq: 8, restock: false, order: refunded });
});

test('an order of an earlier epoch may end in this one', () => {
  const [event] = of(`paid ${ULID} - ${FACTS.replace(/3 2$/, '1 900')}`);
  expect(event).toMatchObject({ type: 'paid', epoch: 3, seq: 8 });
});

test('an order that nobody knew is cancelled under its only number', () => {
  const lost = `cancelled ${ULID} - ${FACTS.replace(/3 2$/, '3 8')} LOST_IN_FAILURE`;
  expect(of(lost)).toMatchObject([{ type: 'cancelled', order: { reason: 'LOST_IN_FAILURE' } }]);
});

test('an adjustment carries the wanted total', () => {
  expect(of('adjusted 12')).toMatchObject([{ type: 'adjusted', seq: 8, stock: 12 }]);
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
  ['a payment with a reason', '3-8', fields(`paid ${ULID} - ${FACTS} EXPIRED`)],
  ['a payment of a later number', '3-8', fields(`paid ${ULID} - ${FACTS.replace(/2$/, '9')}`)],
  ['a payment of its own number', '3-8', fields(`paid ${ULID} - ${FACTS.replace(/2$/, '8')}`)],
  ['a payment of a later epoch', '3-8', fields(`paid ${ULID} - ${FACTS.replace(/3 2$/, '4 2')}`)],
  ['a cancellation without reason', '3-8', fields(`cancelled ${ULID} - ${FACTS}`)],
  ['a cancellation for another reason', '3-8', fields(`cancelled ${ULID} - ${FACTS} BORED`)],
  ['an adjustment without a total', '3-8', fields('adjusted')],
  ['an adjustment with two', '3-8', fields('adjusted 1 2')],
  ['an adjustment in words', '3-8', fields('adjusted all')],
  ['an adjustment without a number', '3-0', fields('adjusted 1')],
  ['more events than numbers', '3-1', fields(line('ann', { seq: 0 }), line('bob', { seq: 1 }))],
])('%s is no entry of ours', (_what, id, found) => {
  expect(() => parseOutboxEntry(lane, id, found)).toThrow('outbox');
});
