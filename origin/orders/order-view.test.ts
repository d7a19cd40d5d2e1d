import { expect, it } from 'vitest';
import { reservedView, statusView } from './order-view.ts';

const order = {
  ...{ orderId: 'sku_1-01ARZ3NDEKTSV4RRFFQ69G5FAV', skuId: 'sku_1', status: 'PENDING' as const },
  ...{ quantity: 2, amount: 5_000, currency: 'EUR', payBy: 1_762_862_400_000 },
};
const members = { ...order, payBy: '2025-11-11T12:00:00.000Z' };

it('shows a reservation with the members of the contract and no others', () => {
  const more = { ...order, userId: 'ann', epoch: 1, seq: 1 };
  expect(reservedView(more)).toEqual({ state: 'RESERVED', ...members });
});

it('shows a status with its reason where there is one', () => {
  expect(statusView(order, { reason: null, persisted: false })).toEqual({
    ...members,
    persisted: false,
  });
  const cancelled = { ...order, status: 'CANCELLED' as const };
  expect(statusView(cancelled, { reason: 'FENCED', persisted: true })).toEqual({
    ...members,
    status: 'CANCELLED',
    reason: 'FENCED',
    persisted: true,
  });
});
