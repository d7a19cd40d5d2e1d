import fc from 'fast-check';
import { expect, it } from 'vitest';
import { packOrder, parsePackedOrder } from './packed-order.ts';

const count = fc.maxSafeNat();
const user = fc.stringMatching(/^[A-Za-z0-9_.@:|-]{1,128}$/);
const orders = fc.record({
  ...{ userId: user, quantity: count, amount: count, createdAt: count },
  ...{ payBy: count, epoch: count, seq: count },
});

it('is read back as it was packed', () => {
  fc.assert(
    fc.property(orders, (order) => {
      expect(parsePackedOrder(packOrder(order))).toEqual(order);
    }),
  );
});

it('stands in the order that the script writes', () => {
  const order = { userId: 'ann', quantity: 1, amount: 2, createdAt: 3, payBy: 4, epoch: 5, seq: 6 };
  expect(packOrder(order)).toBe('ann 1 2 3 4 5 6');
});

it.each([
  '',
  'ann',
  'ann 1 2 3 4 5',
  'ann 1 2 3 4 5 6 7',
  'ann  1 2 3 4 5 6',
  ' ann 1 2 3 4 5 6',
  'ann 1 2 3 4 5 6\n',
  'ann -1 2 3 4 5 6',
  'ann 1.5 2 3 4 5 6',
  'ann 1e3 2 3 4 5 6',
  'ann 9007199254740993 2 3 4 5 6',
  'a/b 1 2 3 4 5 6',
  `${'x'.repeat(129)} 1 2 3 4 5 6`,
])('is nothing in "%s"', (text) => {
  expect(parsePackedOrder(text)).toBeUndefined();
});
