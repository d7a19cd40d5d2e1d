// Batches of more rows than one statement takes: what fails in a later one takes the earlier with it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate } from '../../store/migrate.ts';
import { openStore } from '../../store/open-store.ts';
import type { Store } from '../../store/store.ts';
import { refuseRowsOf } from './refusing-database.ts';
import { mysqlTarget, openSale, sqliteTarget } from './stores.ts';

const ROWS = 600;
const numbers = Array.from({ length: ROWS }, (_, index) => index + 1);

describe.each([
  { name: 'SQLite', target: async () => sqliteTarget() },
  { name: 'MySQL', target: mysqlTarget },
])('batches of several statements on $name', ({ target }) => {
  let store: Store;
  beforeAll(async () => {
    const place = await target();
    await migrate(place);
    store = await openStore(place);
    await refuseRowsOf(place, 'refused');
  });
  afterAll(() => store.close());

  it('begin anew with a look where the last row has been written before', async () => {
    const sale = await openSale(store, { stock: 2 * ROWS });
    const last = sale.reserved({ seq: 1, n: ROWS });
    await store.applyRecords([last, sale.cancelled({ seq: 2, n: ROWS }), sale.epoch(2)]);
    const again = numbers.map((n) => sale.reserved({ epoch: 2, seq: n, n }));
    const result = await store.applyRecords(again);
    expect(result).toMatchObject({ deadLetters: 0, stalled: [] });
    expect(result.persisted).toHaveLength(ROWS - 1);
    expect(await store.findOrder(sale.id(ROWS))).toMatchObject({ status: 'PENDING', epoch: 2 });
    expect(await store.summary(sale.activityId)).toMatchObject({ orders: ROWS, sold: ROWS });
    const found = await store.findActivity(sale.activityId);
    expect(found?.applied).toMatchObject({ epoch: 2, seq: ROWS, sold: ROWS, alarmEpoch: 0 });
  });

  it('are halved where a row of a later statement is refused', async () => {
    const sale = await openSale(store, { stock: ROWS });
    const records = numbers.map((n) =>
      sale.reserved({ seq: n, n }, n === ROWS - 1 ? { userId: 'refused' } : {}),
    );
    const result = await store.applyRecords(records);
    expect(result).toMatchObject({ deadLetters: 1, stalled: [] });
    expect(new Set(result.persisted).size).toBe(ROWS - 1);
    const found = await store.findActivity(sale.activityId);
    expect(found?.applied).toMatchObject({ seq: ROWS, sold: ROWS - 1, alarmEpoch: 0 });
  });
});
