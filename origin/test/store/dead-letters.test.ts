import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate } from '../../store/migrate.ts';
import { openStore } from '../../store/open-store.ts';
import type { LogRecord, Store } from '../../store/store.ts';
import type { StoreTarget } from '../../store/target.ts';
import { change, refuseRowsOf } from './refusing-database.ts';
import { recordsOf } from './sale-records.ts';
import { mysqlTarget, openSale, type Sale, sqliteTarget } from './stores.ts';

describe.each([
  { name: 'SQLite', target: async () => sqliteTarget() },
  { name: 'MySQL', target: mysqlTarget },
])('dead letters on $name', ({ target }) => {
  let store: Store;
  let place: StoreTarget;
  beforeAll(async () => {
    place = await target();
    await migrate(place);
    store = await openStore(place);
    await refuseRowsOf(place, 'refused');
  });
  afterAll(() => store.close());

  const applied = async (sale: Sale) => (await store.findActivity(sale.activityId))?.applied;
  const lettersOf = async (sale: Sale) => {
    const letters = await store.deadLettersToCopy(1000);
    return letters.filter((letter) => letter.activityId === sale.activityId);
  };

  it('halves a refused batch until the bad record stands alone', async () => {
    const sale = await openSale(store);
    const records = Array.from({ length: 100 }, (_, index) =>
      sale.reserved(
        { seq: index + 1, n: index + 1 },
        index === 36 || index === 37 ? { userId: 'refused' } : {},
      ),
    );
    const result = await store.applyRecords(records);
    expect(result.persisted).toHaveLength(98);
    expect(result).toMatchObject({ deadLetters: 2, stalled: [] });
    expect(await applied(sale)).toMatchObject({ seq: 100, sold: 98, alarmEpoch: 0 });
    const [letter] = await lettersOf(sale);
    expect(letter).toMatchObject({
      ...{ orderId: sale.id(37), epoch: 1, seq: 37, position: 'test/1-37', attempts: 1 },
      reason: expect.stringContaining('refused'),
    });
    expect((await store.applyRecords(records)).deadLetters).toBe(0);
  });

  it('lets later events of its order wait with it, and counts its units as held', async () => {
    const sale = await openSale(store);
    const result = await store.applyRecords([
      sale.reserved({ seq: 1, n: 1 }, { userId: 'refused', quantity: 2 }),
      sale.reserved({ seq: 2, n: 2 }, { userId: 'b' }),
      sale.paid({ seq: 3, n: 1 }),
      sale.cancelled({ seq: 4, n: 2 }),
    ]);
    expect(result).toMatchObject({ persisted: [sale.id(2)], deadLetters: 2 });
    expect(await applied(sale)).toMatchObject({ seq: 4, sold: 0 });
    const later = await store.applyRecords([sale.paid({ seq: 5, n: 1 }), sale.epoch(2)]);
    expect(later.deadLetters).toBe(1);
    const late = await store.applyRecords([sale.reserved({ epoch: 1, seq: 9, n: 1 })]);
    expect(late).toMatchObject({ persisted: [], deadLetters: 0 });
    const revived = await store.applyRecords([sale.reserved({ epoch: 2, seq: 1, n: 1 })]);
    expect(revived.deadLetters).toBe(1);
    expect(await store.unitsInDeadLetters(sale.activityId)).toBe(2);
    const page = { activityId: sale.activityId, afterUserId: '', limit: 10 };
    const counts = await store.userCountsPage(page);
    expect(counts).toContainEqual({ userId: 'refused', count: 2 });
    expect(counts).toContainEqual({ userId: 'b', count: 0 });
  });

  it('holds nothing for a dead letter that is decided', async () => {
    const sale = await openSale(store);
    const bad = sale.reserved({ seq: 1, n: 1 }, { quantity: 0 });
    await store.applyRecords([bad]);
    const discard = `update dead_letter set decision = 'discarded' where order_id = '${sale.id(1)}'`;
    await change(place, discard);
    const nothing = { persisted: [], deadLetters: 0, stalled: [] };
    expect(await store.applyRecords([bad, sale.reserved({ seq: 1, n: 1 })])).toEqual(nothing);
    expect(await store.applyRecords([sale.epoch(2), bad])).toEqual(nothing);
    expect(await applied(sale)).toMatchObject({ epoch: 2, seq: 0, alarmEpoch: 0 });
    const again = await store.applyRecords([sale.reserved({ epoch: 2, seq: 1, n: 1 })]);
    expect(again).toEqual({ persisted: [sale.id(1)], deadLetters: 0, stalled: [] });
    expect(await store.unitsInDeadLetters(sale.activityId)).toBe(0);
  });

  it("leaves another activity's order alone", async () => {
    const [sale, other] = [await openSale(store), await openSale(store)];
    await store.applyRecords([sale.reserved({ seq: 1, n: 1 })]);
    const mixed = recordsOf({ activityId: other.activityId, skuId: sale.skuId });
    const records = [mixed.cancelled({ seq: 1, n: 1 }), mixed.reserved({ seq: 2, n: 1 })];
    expect(await store.applyRecords(records)).toMatchObject({ persisted: [], deadLetters: 2 });
    expect(await store.findOrder(sale.id(1))).toMatchObject({
      ...{ activityId: sale.activityId, status: 'PENDING' },
    });
    expect(await applied(other)).toMatchObject({ seq: 2, sold: 0 });
  });

  it.each<[string, (sale: Sale) => LogRecord]>([
    ['an order of another SKU', (s) => s.reserved({ seq: 1, n: 1 }, { orderId: `x${s.id(1)}` })],
    ['a user id of another form', (s) => s.reserved({ seq: 1, n: 1 }, { userId: 'a b' })],
    ['no quantity', (s) => s.reserved({ seq: 1, n: 1 }, { quantity: 0 })],
    ['half a unit', (s) => s.reserved({ seq: 1, n: 1 }, { quantity: 1.5 })],
    ['no number', (s) => s.reserved({ seq: 1, n: 1 }, { amount: Number.NaN })],
    ['an order that nobody reserved', (s) => s.paid({ seq: 1, n: 1 })],
  ])('makes a dead letter of %s, and its number counts as applied', async (_what, make) => {
    const sale = await openSale(store);
    const result = await store.applyRecords([make(sale), sale.reserved({ seq: 2, n: 2 })]);
    expect(result).toEqual({ persisted: [sale.id(2)], deadLetters: 1, stalled: [] });
    expect(await applied(sale)).toMatchObject({ seq: 2, sold: 1, alarmEpoch: 0 });
  });

  it('keeps what cannot be read as it was, once', async () => {
    const text = `{"a": "\u{1f600}' \\ ? \0 ${'x'.repeat(70_000)}`;
    const record: LogRecord = {
      ...{ kind: 'unreadable', text, reason: 'not JSON', position: `topic/0/${Date.now()}` },
    };
    expect((await store.applyRecords([record])).deadLetters).toBe(1);
    expect((await store.applyRecords([record, record])).deadLetters).toBe(0);
    const letters = await store.deadLettersToCopy(1000);
    const letter = letters.find((one) => one.position === record.position);
    expect(letter?.text).toBe(text.replace('\0', '\ufffd'));
  });

  it('offers each until it is copied, oldest first', async () => {
    const sale = await openSale(store);
    await store.applyRecords([sale.paid({ seq: 1, n: 1 }), sale.paid({ seq: 2, n: 2 })]);
    const letters = await lettersOf(sale);
    expect(letters.map((letter) => letter.seq)).toEqual([1, 2]);
    await store.markDeadLettersCopied(letters.slice(0, 1).map((letter) => letter.id));
    await store.markDeadLettersCopied([]);
    expect((await lettersOf(sale)).map((letter) => letter.seq)).toEqual([2]);
    const { deadLetters } = await store.summary(sale.activityId);
    expect(deadLetters).toBe(2);
  });
});
