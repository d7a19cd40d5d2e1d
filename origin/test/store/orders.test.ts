import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../../store/store.ts';
import { DATABASES, openSale } from './stores.ts';

describe.each(DATABASES)('orders on $name', ({ open }) => {
  let store: Store;
  beforeAll(async () => {
    store = await open();
  });
  afterAll(() => store.close());

  it('pages through the orders of one activity by their ids', async () => {
    const [sale, other] = [await openSale(store), await openSale(store)];
    const numbers = [1, 2, 3, 4, 5];
    await store.applyRecords([
      ...numbers.map((n) => sale.reserved({ seq: n, n })),
      other.reserved({ seq: 1, n: 1 }),
    ]);
    const ids: string[] = [];
    for (let after = '', rows = [{ orderId: '' }]; rows.length > 0; after = ids.at(-1) ?? '') {
      const page = { activityId: sale.activityId, afterOrderId: after, limit: 2 };
      rows = [...(await store.ordersPage(page))];
      ids.push(...rows.map((row) => row.orderId));
    }
    expect(ids).toEqual(numbers.map(sale.id));
  });

  it("names a user's orders that stand, newest first, by exact letters", async () => {
    const sale = await openSale(store);
    const userId = 'Ada|1.x@y:z-_';
    await store.applyRecords([
      sale.reserved({ seq: 1, n: 1 }, { userId, createdAt: 10 }),
      sale.reserved({ seq: 2, n: 2 }, { userId, createdAt: 20 }),
      sale.reserved({ seq: 3, n: 3 }, { userId: userId.toLowerCase(), createdAt: 30 }),
      sale.reserved({ seq: 4, n: 4 }, { userId, createdAt: 40 }),
      sale.cancelled({ seq: 5, n: 4 }),
      sale.paid({ seq: 6, n: 1 }),
    ]);
    const ids = await store.ordersOfUser({ activityId: sale.activityId, userId });
    expect(ids).toEqual([sale.id(2), sale.id(1)]);
    expect(await store.ordersOfUser({ activityId: sale.activityId, userId: 'nobody' })).toEqual([]);
  });

  it('counts units of each user, page by page, with users who hold none', async () => {
    const sale = await openSale(store);
    await store.applyRecords([
      sale.reserved({ seq: 1, n: 1 }, { userId: 'b', quantity: 2 }),
      sale.reserved({ seq: 2, n: 2 }, { userId: 'B' }),
      sale.reserved({ seq: 3, n: 3 }, { userId: 'a' }),
      sale.reserved({ seq: 4, n: 4 }, { userId: 'b', quantity: 3 }),
      sale.cancelled({ seq: 5, n: 3 }),
    ]);
    const { activityId } = sale;
    const first = await store.userCountsPage({ activityId, afterUserId: '', limit: 2 });
    expect(first).toEqual([
      { userId: 'B', count: 1 },
      { userId: 'a', count: 0 },
    ]);
    const rest = await store.userCountsPage({ activityId, afterUserId: 'a', limit: 2 });
    expect(rest).toEqual([{ userId: 'b', count: 5 }]);
    expect(await store.unitsInDeadLetters(activityId)).toBe(0);
  });

  it('sums up a sale from its rows', async () => {
    const sale = await openSale(store, { limitPerUser: 2 });
    await store.applyRecords([
      sale.reserved({ seq: 1, n: 1 }, { userId: 'a', quantity: 2 }),
      sale.reserved({ seq: 2, n: 2 }, { userId: 'b', quantity: 2 }),
      sale.reserved({ seq: 3, n: 3 }, { userId: 'b' }),
      sale.reserved({ seq: 4, n: 4 }, { userId: 'c' }),
      sale.paid({ seq: 5, n: 1 }),
      sale.cancelled({ seq: 6, n: 4 }),
    ]);
    expect(await store.summary(sale.activityId)).toEqual({
      ...{ orders: 4, sold: 5, byStatus: { PENDING: 2, PAID: 1, CANCELLED: 1 } },
      ...{ overLimit: 1, deadLetters: 0 },
    });
    expect(await store.summary('nothing')).toMatchObject({ orders: 0, sold: 0, overLimit: 0 });
  });

  it('knows no order by another letter case', async () => {
    const sale = await openSale(store);
    await store.applyRecords([sale.reserved({ seq: 1, n: 1 })]);
    expect(await store.findOrder(sale.id(1))).toBeDefined();
    expect(await store.findOrder(sale.id(1).toUpperCase())).toBeUndefined();
  });
});
