import { afterAll, beforeAll, expect, it } from 'vitest';
import { withDatabase } from '../../../deploy/local/services/database.ts';
import { migrate, migrationLock } from '../../store/migrate.ts';
import { connectMysql } from '../../store/open-mysql.ts';
import { openStore } from '../../store/open-store.ts';
import type { LogRecord, Store } from '../../store/store.ts';
import type { MysqlTarget } from '../../store/target.ts';
import { mysqlTarget, openSale } from './stores.ts';

let target: MysqlTarget;
let one: Store;
let two: Store;
beforeAll(async () => {
  target = await mysqlTarget();
  await migrate(target);
  [one, two] = await Promise.all([openStore(target), openStore(target)]);
});
afterAll(() => Promise.all([one.close(), two.close()]));

it('migrates once, however many begin at once', async () => {
  const fresh = await mysqlTarget();
  const done = await Promise.all([migrate(fresh), migrate(fresh), migrate(fresh)]);
  const names = done.flat();
  expect(names[0]).toBe('initial-schema');
  expect(new Set(names).size).toBe(names.length);
  expect(await migrate(fresh)).toEqual([]);
});

it('whoever migrates one database keeps nobody from another of the same server', async () => {
  const [held, free] = [await mysqlTarget(), await mysqlTarget()];
  await withDatabase(held, async (execute) => {
    await execute(`select get_lock('${migrationLock(held.database)}', 0)`);
    const waiting = migrate(held);
    expect((await migrate(free)).length).toBeGreaterThan(0);
    await execute(`select release_lock('${migrationLock(held.database)}')`);
    expect((await waiting).length).toBeGreaterThan(0);
  });
});

it('sets up each connection before its first query', async () => {
  const orm = await connectMysql(target);
  const rows = await orm.em.fork().execute<{ Value: string }[]>(
    `show session variables where variable_name in
      ('tx_isolation', 'transaction_isolation', 'sql_mode', 'character_set_client')`,
  );
  const values = rows.map((row) => row.Value).join(' ');
  for (const value of ['READ-COMMITTED', 'STRICT_ALL_TABLES', 'utf8mb4']) {
    expect(values).toContain(value);
  }
  await orm.close(true);
});

it('gives two writers of the same records each order once', async () => {
  const [sale, other] = [await openSale(one), await openSale(one)];
  const records = (from: number, to: number): LogRecord[] =>
    Array.from({ length: to - from + 1 }, (_, index) => [
      sale.reserved({ seq: from + index, n: from + index }),
      other.reserved({ seq: from + index, n: from + index }),
    ]).flat();
  const persisted: string[] = [];
  for (let from = 1; from <= 91; from += 10) {
    const batches = [one, two, one, two].map((store) =>
      store.applyRecords(records(Math.max(1, from - 5), from + 9)),
    );
    for (const result of await Promise.all(batches)) {
      expect(result).toMatchObject({ deadLetters: 0, stalled: [] });
      persisted.push(...result.persisted);
    }
  }
  expect(persisted).toHaveLength(200);
  expect(new Set(persisted).size).toBe(200);
  for (const { activityId } of [sale, other]) {
    expect((await two.findActivity(activityId))?.applied).toMatchObject({ seq: 100, sold: 100 });
    expect(await two.summary(activityId)).toMatchObject({ orders: 100, sold: 100 });
  }
});

it('never takes a number back, where no key of a row stands in the way', async () => {
  const sale = await openSale(one);
  const numbers = Array.from({ length: 100 }, (_, index) => index + 1);
  await one.applyRecords(numbers.map((n) => sale.reserved({ seq: n, n })));
  for (let last = 100; last < 200; last += 10) {
    const cancelled = (count: number) =>
      numbers.slice(0, count).map((n) => sale.cancelled({ seq: last + n, n: last - 100 + n }));
    await Promise.all([
      ...[2, 10, 5, 9].map((count) => one.applyRecords(cancelled(count))),
      ...[3, 10, 4, 8].map((count) => two.applyRecords(cancelled(count))),
    ]);
    const found = await two.findActivity(sale.activityId);
    const state = { seq: last + 10, sold: 190 - last, alarmEpoch: 0 };
    expect(found?.applied).toMatchObject(state);
  }
});
