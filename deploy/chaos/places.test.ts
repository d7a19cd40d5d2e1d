import { expect, test } from 'vitest';
import { ticketPayload } from '../../shared/ticket.ts';
import type { Buyer, Told } from './buyer.ts';
import { wrongPlacesIn } from './places.ts';

const ulid = (number: number) => String(number).padStart(26, '0');
const orderIdOf = (number: number) => `sku-${ulid(number)}`;

function ticketOf(number: number, turn: number): string {
  const rest = { userHash: 'u', until: turn + 1_000, entry: null, activityId: ulid(0) };
  const payload = ticketPayload({ skuId: 'sku', ulid: ulid(number), turn, ...rest });
  return `1.${Buffer.from(payload).toString('base64url')}.signature`;
}

/** Asked at `fromMs`, answered 10 ms later. */
function answer(fromMs: number, status: number, body: Told['body']): Told {
  return { call: 'purchase', fromMs, atMs: fromMs + 10, status, body };
}

function waits(fromMs: number, number: number, turn: number, rest: Told['body'] = {}): Told {
  const ticket = ticketOf(number, turn);
  return answer(fromMs, 202, { state: 'QUEUED', orderId: orderIdOf(number), ticket, ...rest });
}

const enters = (fromMs: number, number: number): Told =>
  answer(fromMs, 201, { state: 'RESERVED', orderId: orderIdOf(number) });

const buyer = (number: number, ...told: Told[]): Buyer => ({
  ...{ userId: `user-${number}`, token: '', habit: 'pays', quantity: 1, held: new Map() },
  told,
});

const found = (...buyers: Buyer[]) => wrongPlacesIn({ losesData: false, buyers });

test('people who come and enter in their order are right', () => {
  const first = buyer(1, waits(0, 1, 100), waits(200, 1, 100), enters(400, 1));
  const second = buyer(2, waits(50, 2, 300), waits(450, 2, 300), enters(700, 2), enters(900, 2));
  expect(found(first, second)).toEqual([]);
});

test('one who waits behind somebody who was behind', () => {
  const behind = buyer(2, waits(0, 2, 300), enters(400, 2));
  expect(found(buyer(1, waits(350, 1, 100)), behind)).toEqual([]);
  expect(found(buyer(1, waits(0, 1, 100), waits(500, 1, 100)), behind)).toHaveLength(1);
  const called = waits(500, 1, 100, { reason: 'waiting-for-return' });
  expect(found(buyer(1, waits(0, 1, 100), called), behind)).toEqual([]);
});

test('a turn that comes earlier, and an order id in the hands of two', () => {
  expect(found(buyer(1, waits(0, 1, 300), waits(100, 1, 200)))).toHaveLength(1);
  expect(found(buyer(1, enters(0, 1)), buyer(2, enters(50, 1)))).toHaveLength(1);
});

test('a second place beside the first; a new one behind an expired one is right', () => {
  expect(found(buyer(1, waits(0, 1, 100), waits(100, 2, 900)))).toEqual([]);
  const both = buyer(1, waits(0, 1, 100), waits(100, 2, 900), waits(200, 1, 100));
  expect(found(both)).toEqual([`user-1 held two places, ${orderIdOf(1)} was one`]);
});

test('where Redis lost its places they may start over', () => {
  const both = buyer(1, waits(0, 1, 100), waits(100, 2, 900), waits(200, 1, 100));
  expect(wrongPlacesIn({ losesData: true, buyers: [both] })).toEqual([]);
});
