// A judge that never finds anything would be no judge: one fault at a time in a sale without any.
import { expect, test } from 'vitest';
import type { OrderRow } from '../demo/evidence.ts';
import type { Buyer, Held } from './buyer.ts';
import type { Evidence } from './evidence.ts';
import { type Facts, judge } from './judge.ts';

function order(number: number, changes: Partial<Held> = {}): Held {
  return {
    ...{ orderId: `sku-${number}`, receipt: '', paymentUrl: undefined, ledgerHead: undefined },
    ...{ follows: undefined, isPaid: true, isCancelled: false, final: { status: 'PAID' } },
    ...changes,
  };
}

function row(number: number, changes: Partial<OrderRow> = {}): OrderRow {
  return {
    ...{ order_id: `sku-${number}`, user_id: `user-${number}`, quantity: 1, status: 'PAID' },
    ...{ epoch: 1, seq: number, reason: null },
    ...changes,
  };
}

const cancelled = (reason: string) => ({ status: 'CANCELLED', reason }) as const;

function buyer(number: number, orders: readonly Held[], told: Buyer['told'] = []): Buyer {
  const held = new Map(orders.map((one) => [one.orderId, one]));
  return { userId: `user-${number}`, token: '', habit: 'pays', quantity: 1, told, held };
}

interface Change extends Partial<Omit<Facts, 'evidence'>> {
  readonly mostSold?: number;
  readonly rows?: readonly OrderRow[];
  readonly redis?: Partial<Evidence['redis']>;
  readonly books?: Evidence['books'];
}

/** Three units, two of them paid. */
function facts({
  rows = [row(1), row(2)],
  redis,
  books,
  mostSold = 2,
  ...changes
}: Change = {}): Facts {
  const paid = rows.filter(({ status }) => status === 'PAID').map((one) => one.order_id);
  return {
    ...{ stock: 3, limitPerUser: 1, losesData: false },
    buyers: [buyer(1, [order(1)]), buyer(2, [order(2)])],
    evidence: {
      rows,
      redis: { stock: 1, sold: 2, pending: 0, outbox: 0, ...redis },
      mostSold,
      books: books ?? new Map(paid.map((orderId) => [orderId, 1])),
    },
    ...changes,
  };
}

test('nothing is found where nothing is wrong', () => {
  const kept = { oversold: 0, lost: 0, duplicates: 0, overLimit: 0, leaked: 0, broken: [] };
  expect(judge(facts())).toEqual({ answered201: 2, rows: 2, ...kept });
});

test('more units than there are', () => {
  const rows = [1, 2, 3, 4].map((number) => row(number));
  expect(judge(facts({ rows, redis: { stock: -1, sold: 4 } }))).toMatchObject({ oversold: 1 });
});

test('more units than there are for a while', () => {
  expect(judge(facts({ mostSold: 4 }))).toMatchObject({ oversold: 1 });
});

test('a unit that is neither sold nor for sale, and one that is both', () => {
  expect(judge(facts({ redis: { stock: 0 } }))).toMatchObject({ leaked: 1 });
  expect(judge(facts({ redis: { stock: 2 } }))).toMatchObject({ leaked: 1 });
});

test('an order without a row, without an end, or with another end than told', () => {
  expect(judge(facts({ rows: [row(1)], redis: { stock: 2, sold: 1 } }))).toMatchObject({ lost: 1 });
  const unread = [buyer(1, [order(1, { final: undefined })])];
  expect(judge(facts({ buyers: unread }))).toMatchObject({ lost: 1 });
  const other = [buyer(1, [order(1, { final: cancelled('EXPIRED') })])];
  expect(judge(facts({ buyers: other }))).toMatchObject({ lost: 1 });
});

test('lost in a failure: only where Redis lost its data', () => {
  const rows = [row(1), row(2, cancelled('LOST_IN_FAILURE'))];
  const final = cancelled('LOST_IN_FAILURE');
  const buyers = [buyer(1, [order(1)]), buyer(2, [order(2, { final, isPaid: false })])];
  const redis = { stock: 2, sold: 1 };
  expect(judge(facts({ rows, buyers, redis }))).toMatchObject({ lost: 1 });
  expect(judge(facts({ rows, buyers, redis, losesData: true }))).toMatchObject({
    ...{ lost: 0, broken: [] },
  });
  const silent = [buyer(2, [order(2, { final: { status: 'CANCELLED' }, isPaid: false })])];
  expect(judge(facts({ rows, buyers: silent, redis, losesData: true }))).toMatchObject({ lost: 1 });
});

test('a number in two rows; a second order by a repeat', () => {
  expect(judge(facts({ rows: [row(1), row(2, { seq: 1 })] }))).toMatchObject({ duplicates: 1 });
  const buyers = [buyer(1, [order(1), order(2)])];
  expect(judge(facts({ buyers }))).toMatchObject({ duplicates: 1 });
  const again = [buyer(1, [order(1), order(2, { follows: 'sku-1' })])];
  expect(judge(facts({ buyers: again }))).toMatchObject({ duplicates: 0 });
});

test('a user above the limit', () => {
  const rows = [row(1), row(2, { user_id: 'user-1' })];
  expect(judge(facts({ rows }))).toMatchObject({ overLimit: 1 });
  const expired = row(2, { user_id: 'user-1', ...cancelled('EXPIRED') });
  const redis = { stock: 2, sold: 1 };
  expect(judge(facts({ rows: [row(1), expired], redis }))).toMatchObject({ overLimit: 1 });
  const before = row(1, { user_id: 'user-2', ...cancelled('EXPIRED') });
  expect(judge(facts({ rows: [before, row(2)], redis }))).toMatchObject({ overLimit: 0 });
});

test.each<[string, Change]>([
  ['still PENDING', { rows: [row(1), row(2, { status: 'PENDING' })] }],
  ['wait for payment', { redis: { pending: 1 } }],
  ['outbox', { redis: { outbox: 1 } }],
  ['Redis sold 3', { redis: { sold: 3 } }],
  ['0 payments are kept', { books: new Map([['sku-1', 1]]) }],
  [
    '2 payments are kept',
    {
      books: new Map([
        ['sku-1', 1],
        ['sku-2', 2],
      ]),
    },
  ],
])('also: %s', (text, change) => {
  expect(judge(facts(change)).broken.join()).toContain(text);
});

test('who paid in time and has no unit', () => {
  const rows = [row(1), row(2, cancelled('REFUNDED'))];
  const buyers = [buyer(1, [order(1)]), buyer(2, [order(2, { final: cancelled('REFUNDED') })])];
  const { broken } = judge(facts({ rows, buyers, redis: { stock: 2, sold: 1 } }));
  expect(broken).toEqual(['sku-2 was paid in time and is not PAID']);
});

test('an order id in the hands of two', () => {
  const told = () => [
    { fromMs: 0, atMs: 1, call: 'purchase' as const, status: 201, body: { orderId: 'sku-1' } },
  ];
  const buyers = [buyer(1, [order(1)], told()), buyer(2, [order(2)], told())];
  expect(judge(facts({ buyers })).broken).toEqual(['sku-1 was given to user-1 and to user-2']);
});

test('an answer that the contract does not know', () => {
  const told = (status: number) => [
    { fromMs: 0, atMs: 1, call: 'status' as const, status, body: {} },
  ];
  expect(judge(facts({ buyers: [buyer(1, [order(1)], told(503))] })).broken).toEqual([]);
  const buyers = [buyer(1, [order(1)], told(500))];
  expect(judge(facts({ buyers })).broken).toEqual(['a status was answered 500']);
});
