import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  batchText,
  dueScore,
  dueUntil,
  factsIn,
  isBatchField,
  ordersIn,
  payByOf,
  placesField,
  placesOf,
} from './order-batch.ts';
import type { PackedOrder } from './packed-order.ts';

const ULIDS = ['01M849DM2PXND9NT5BTTT5TAR1', '01M849DM2PXND9NT5BTTT5TAR2'];
const HEAD = '700 1700000000000 1700000900000 3 17';
const ann: PackedOrder = {
  ...{ userId: 'ann', quantity: 2, amount: 1_400, epoch: 3, seq: 17 },
  ...{ createdAt: 1_700_000_000_000, payBy: 1_700_000_900_000 },
};
const bob: PackedOrder = { ...ann, userId: 'b|o:b@x', quantity: 1, amount: 9, epoch: 2, seq: 4 };
const [one = '', two = ''] = ULIDS;

describe('a batch', () => {
  it('tells what its orders share once, and of others all', () => {
    const text = `${HEAD}\n${one} 2 ann\n${two} b|o:b@x 1 9 1700000000000 1700000900000 2 4`;
    expect(factsIn(text, one)).toEqual(ann);
    expect(factsIn(text, two)).toEqual(bob);
    expect([...ordersIn(text)]).toEqual([
      [one, ann],
      [two, bob],
    ]);
  });

  it('is not misled by a user whose name is another order’s id', () => {
    const text = `${HEAD}\n${one} 2 ${two}\n${two} 2 ann`;
    expect(factsIn(text, two)).toEqual({ ...ann, seq: 18 });
    expect(factsIn(text, one)?.userId).toBe(two);
  });

  it('numbers its orders by their lines, also where one has left', () => {
    const text = `${HEAD}\n\n${two} 2 ann`;
    expect(factsIn(text, one)).toBeUndefined();
    expect(factsIn(text, two)).toEqual({ ...ann, seq: 18 });
    expect([...ordersIn(text)]).toEqual([[two, { ...ann, seq: 18 }]]);
  });

  it('reads what it writes', () => {
    const orders = new Map([
      [one, ann],
      [two, bob],
    ]);
    expect(ordersIn(batchText(orders))).toEqual(orders);
  });

  it.each([
    '',
    HEAD,
    `-\n${one} 2 ann`,
    `${HEAD}\n${one} 2 ann 17`,
    `${HEAD}\n${one} 2`,
    `${HEAD}\n${one}`,
    `\n${one} `,
  ])('knows no order by %j', (text) => {
    expect(factsIn(text, one)).toBeUndefined();
    expect(ordersIn(text).size).toBe(0);
  });
});

describe('the places of orders', () => {
  it('are told by the first letters of a ulid, and told apart by the last', () => {
    expect(placesField(one)).toBe('@01M849DM2P');
    expect(isBatchField(placesField(one))).toBe(false);
    expect(isBatchField('3-17')).toBe(true);
    expect(isBatchField('3r0')).toBe(true);
    const places = ' 3-17:R0R1 3-18:R2 3r0:R3R2';
    expect(placesOf(one, places)).toEqual(['3-17']);
    expect(placesOf(two, places)).toEqual(['3-18', '3r0']);
    expect(placesOf(one, '')).toEqual([]);
  });
});

it('the index of what is due tells the moment, whatever the count', () => {
  const moment = fc.integer({ min: 0, max: 2 ** 42 });
  const count = fc.integer({ min: 1, max: 1_000 });
  fc.assert(
    fc.property(moment, count, (payBy, pending) => {
      const score = dueScore(payBy, pending);
      expect(Number.isSafeInteger(score)).toBe(true);
      expect(payByOf(score)).toBe(payBy);
      expect(score <= dueUntil(payBy)).toBe(true);
      expect(score <= dueUntil(payBy - 1)).toBe(false);
    }),
  );
});
