// Rows made to say what Redis says, where no log tells of the time behind a backup.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openOwnDatabase } from '../../../lua/real-redis.ts';
import { inventoryKeys } from '../../../shared/keys.ts';
import type { OrderStatus } from '../../../shared/words.ts';
import { makeSaleReceipt } from '../../ledger/make-sale-receipt.ts';
import { verifySaleReceipt } from '../../ledger/sale-receipt.ts';
import { batchText } from '../../orders/order-batch.ts';
import type { Redis } from '../../redis/client.ts';
import { writeBack } from '../../restore/write-back.ts';
import type { Store } from '../../store/store.ts';
import { DATABASES, openSale } from '../store/stores.ts';

let redis: Redis;
let store: Store;
const [SQLITE] = DATABASES;
beforeAll(async () => {
  redis = await openOwnDatabase();
  store = (await SQLITE?.open()) ?? expect.fail('no database');
});
afterAll(async () => {
  redis.disconnect();
  await store.close();
});

type Held = readonly [n: number, status: OrderStatus, quantity?: number];

/** A sale of `stock` units whose first two orders have rows; Redis holds `held`. */
async function world(stock: number, held: readonly Held[]) {
  const sale = await openSale(store, { stock });
  await store.applyRecords([1, 2].map((n) => sale.reserved({ n, seq: n })));
  await store.applyRecords([sale.paid({ n: 1, seq: 3 })]);
  const { skuId, activityId } = sale;
  for (const [n, status, quantity = 1] of held) {
    const ulid = sale.id(n).slice(skuId.length + 1);
    const facts = { userId: `user-${n}`, quantity, amount: 500 * quantity };
    const times = { createdAt: 6_000, payBy: 906_000, epoch: 1, seq: n };
    const batch = `1-${n}`;
    const text = batchText(new Map([[ulid, { ...facts, ...times }]]));
    await redis.hset(inventoryKeys.orders(skuId), batch, text);
    await redis.set(inventoryKeys.orderStatus({ skuId, ulid }), status);
  }
  const statuses = async () => {
    const page = await store.ordersPage({ activityId, afterOrderId: '', limit: 100 });
    return page.map(({ status }) => status);
  };
  const back = (total: number, sold: number) => {
    const served = {
      ...{ activityId, skuId, newest: { epoch: 1, seq: 9 }, markedEpoch: 0, sold },
      ...{ terms: { rebuild: 0, line: 1 }, texts: { total: String(total) }, fence: '' },
    };
    const opening = { epoch: 4, currency: 'EUR', now: 7_000 };
    return writeBack({ store, inventory: redis, served }, opening);
  };
  const after = async () => {
    const made = await makeSaleReceipt(store, activityId);
    expect(made && (await verifySaleReceipt(made))).toMatchObject({ kind: 'whole' });
    const { applied } = (await store.findActivity(activityId)) ?? expect.fail('gone');
    const { epoch, sold, alarm } = applied;
    const { deadLetters } = await store.summary(activityId);
    return { epoch, sold, stock: applied.stock, alarm, deadLetters, statuses: await statuses() };
  };
  return { back, after };
}

const WHOLE = { epoch: 4, alarm: null, deadLetters: 0 };

it('makes the rows that are missing and moves those that stand, once', async () => {
  const { back, after } = await world(9, [
    [1, 'PAID'],
    [2, 'CANCELLED'],
    [3, 'PENDING', 2],
    [4, 'PAID'],
    [5, 'CANCELLED'],
  ]);
  const statuses = ['PAID', 'CANCELLED', 'PENDING', 'PAID', 'CANCELLED'];
  expect(await back(9, 4)).toBe(4);
  expect(await after()).toEqual({ ...WHOLE, sold: 4, stock: 9, statuses });
  expect(await back(9, 4)).toBe(0);
  expect(await after()).toEqual({ ...WHOLE, sold: 4, stock: 9, statuses });
});

it('more units come first: who bought them is not taken for oversold', async () => {
  const { back, after } = await world(
    2,
    [1, 2, 3, 4].map((n): Held => [n, 'PAID']),
  );
  expect(await back(5, 4)).toBe(3);
  const statuses = ['PAID', 'PAID', 'PAID', 'PAID'];
  expect(await after()).toEqual({ ...WHOLE, sold: 4, stock: 5, statuses });
});

it('fewer units come last: they were given back first', async () => {
  const { back, after } = await world(4, [
    [1, 'CANCELLED'],
    [2, 'PENDING'],
  ]);
  expect(await back(1, 1)).toBe(1);
  expect(await after()).toEqual({
    ...WHOLE,
    sold: 1,
    stock: 1,
    statuses: ['CANCELLED', 'PENDING'],
  });
});

it('units that were refunded and did not come back stay sold', async () => {
  const { back, after } = await world(9, [
    [1, 'CANCELLED'],
    [2, 'PENDING'],
    [3, 'CANCELLED'],
  ]);
  expect(await back(9, 3)).toBe(2);
  const statuses = ['CANCELLED', 'PENDING', 'CANCELLED'];
  expect(await after()).toEqual({ ...WHOLE, sold: 3, stock: 9, statuses });
});
