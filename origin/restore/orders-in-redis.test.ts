import { expect, it } from 'vitest';
import type { OrderStatus } from '../../shared/words.ts';
import type { OrderRow } from '../store/store.ts';
import { stepsBetween } from './orders-in-redis.ts';

const facts = { userId: 'ann', quantity: 1, amount: 5, createdAt: 1, payBy: 2, epoch: 1, seq: 4 };
const rowOf = (status: OrderStatus, seq = 4): OrderRow => ({
  ...{ orderId: 'o', activityId: 'a', skuId: 's', currency: 'EUR', reason: null },
  ...{ ...facts, status, seq },
});

it.each<[OrderStatus | undefined, OrderStatus, readonly string[]]>([
  [undefined, 'PENDING', ['reserved']],
  [undefined, 'PAID', ['reserved', 'paid']],
  [undefined, 'CANCELLED', ['cancelled']],
  ['PENDING', 'PENDING', []],
  ['PENDING', 'PAID', ['paid']],
  ['PENDING', 'CANCELLED', ['cancelled']],
  ['PAID', 'CANCELLED', ['cancelled']],
  ['PAID', 'PENDING', []],
  ['CANCELLED', 'PAID', []],
])('a row %s of an order that is %s in Redis needs %j', (row, status, steps) => {
  const held = { orderId: 'o', status, facts };
  expect(stepsBetween(row && rowOf(row), held)).toEqual(steps);
});

it('an order that got its units again under a later number is reserved anew', () => {
  const held = { orderId: 'o', status: 'PAID', facts } as const;
  expect(stepsBetween(rowOf('CANCELLED', 2), held)).toEqual(['reserved', 'paid']);
});

it('a row that is newer than what Redis knows stays as it is', () => {
  const held = { orderId: 'o', status: 'CANCELLED', facts } as const;
  expect(stepsBetween(rowOf('PENDING', 9), held)).toEqual([]);
});
