import { expect, test } from 'vitest';
import { parseOutboxEntry } from './entry.ts';

const lane = { skuId: 'tea', activityId: 'noon', currency: 'USD' };
const [ONE, TWO] = ['01ARZ3NDEKTSV4RRFFQ69G5FAV', '01ARZ3NDEKTSV4RRFFQ69G5FAW'];
const HEAD = '199 4 905 3 7';
const BOTH = `${ONE} 2 ann\n${TWO} 1 bob`;
const fields = (orders = BOTH, { head = HEAD, traces = '', more = [] as string[] } = {}) => [
  ...['activity', 'noon', 'at', '5', 'head', head, 'orders', orders, 'traces', traces, ...more],
];

test('the orders of one call are numbered up to the sequence in the id', () => {
  const [first, second, ...none] = parseOutboxEntry(lane, '3-8', fields());
  expect(first).toEqual({
    event: {
      version: 1,
      type: 'reserved',
      activityId: 'noon',
      skuId: 'tea',
      epoch: 3,
      seq: 7,
      at: 5,
      order: {
        orderId: `tea-${ONE}`,
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
  const bob = { orderId: `tea-${TWO}`, userId: 'bob', quantity: 1, amount: 199 };
  expect(second).toMatchObject({ event: { seq: 8, order: bob } });
  expect(none).toEqual([]);
});

test('a trace goes with its own order, those of purchases that were refused with none', () => {
  const traces = `01ARZ3NDEKTSV4RRFFQ69G5FAX lost\n${TWO} trace`;
  const events = parseOutboxEntry(lane, '3-8', fields(BOTH, { traces }));
  expect(events.map(({ traceparent }) => traceparent)).toEqual([undefined, 'trace']);
});

test.each([
  ['no head', ['activity', 'noon', 'at', '5', 'orders', BOTH, 'traces', '']],
  ['no orders', ['activity', 'noon', 'at', '5', 'head', HEAD, 'traces', '']],
  ['no traces', ['activity', 'noon', 'at', '5', 'head', HEAD, 'orders', BOTH]],
  ['no time', ['activity', 'noon', 'head', HEAD, 'orders', BOTH, 'traces', '']],
  ['another activity', ['activity', 'one', 'at', '5', 'head', HEAD, 'orders', BOTH, 'traces', '']],
  ['events beside orders', fields(BOTH, { more: ['events', 'epoch'] })],
  ['an empty text', fields('')],
  ['an empty line', fields(`${BOTH}\n`)],
  ['a head with a part too few', fields(BOTH, { head: '199 4 905 3' })],
  ['a head of another epoch', fields(BOTH, { head: '199 4 905 2 7' })],
  ['numbers that begin too early', fields(BOTH, { head: '199 4 905 3 6' })],
  ['numbers that end too early', fields(`${ONE} 2 ann`)],
  ['an order that has left', fields(BOTH.replace(`${ONE} 2 ann`, ''))],
  ['one order twice', fields(BOTH.replace(TWO, ONE))],
  ['an id that is no ULID', fields(BOTH.replace(ONE, 'tea'))],
  ['a quantity that is no number', fields(BOTH.replace(' 2 ', ' two '))],
  ['an amount beyond whole numbers', fields(BOTH.replace(' 2 ', ` ${'9'.repeat(15)} `))],
  ['a part too many', fields(`${BOTH} 9`)],
])('%s is no entry of ours', (_what, found) => {
  expect(() => parseOutboxEntry(lane, '3-8', found)).toThrow('outbox');
});

test('there are no more orders than numbers', () => {
  const head = '199 4 905 3 0';
  expect(() => parseOutboxEntry(lane, '3-1', fields(BOTH, { head }))).toThrow('outbox');
});
