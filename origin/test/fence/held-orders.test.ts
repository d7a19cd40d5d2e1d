// A reservation that waits as a dead letter holds its units; a rebuild gives it back to Redis as the
// last event that waits with it says.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { heldOrders } from '../../fence/held-orders.ts';
import { openStore } from '../../store/open-store.ts';
import type { Store } from '../../store/store.ts';
import { openSale, sqliteTarget } from '../store/stores.ts';

let store: Store;
beforeAll(async () => {
  store = await openStore(sqliteTarget());
});
afterAll(() => store.close());

it('is PENDING, then PAID, then CANCELLED; rows and unreadable letters are none of them', async () => {
  const sale = await openSale(store);
  const held = async () => await heldOrders(store, sale.activityId);
  expect(await held()).toEqual([]);
  await store.applyRecords([
    sale.reserved({ n: 1, seq: 1 }),
    sale.reserved({ n: 2, seq: 2 }, { currency: 'euro', quantity: 2 }),
    sale.reserved({ n: 3, seq: 3 }, { userId: 'not a user' }),
  ]);
  const order = { orderId: sale.id(2), userId: 'user-2', quantity: 2, epoch: 1, seq: 2 };
  expect(await held()).toMatchObject([{ ...order, status: 'PENDING' }]);
  await store.applyRecords([sale.paid({ n: 2, seq: 4 })]);
  expect(await held()).toMatchObject([{ ...order, status: 'PAID' }]);
  await store.applyRecords([sale.cancelled({ n: 2, seq: 5 })]);
  expect(await held()).toMatchObject([{ ...order, status: 'CANCELLED' }]);
  expect(await store.unitsInDeadLetters(sale.activityId)).toBe(3);
});
