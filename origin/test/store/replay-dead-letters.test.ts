// Reservations that the database refused, replayed when it refuses them no longer.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { followLine, startOfLedger } from '../../ledger/follow.ts';
import { migrate } from '../../store/migrate.ts';
import { openStore } from '../../store/open-store.ts';
import type { LogRecord, Store } from '../../store/store.ts';
import type { StoreTarget } from '../../store/target.ts';
import { refuseNobody, refuseRowsOf } from './refusing-database.ts';
import { mysqlTarget, openSale, type Sale, sqliteTarget } from './stores.ts';

describe.each([
  { name: 'SQLite', target: async () => sqliteTarget() },
  { name: 'MySQL', target: mysqlTarget },
])('a replay on $name', ({ target }) => {
  let store: Store;
  let place: StoreTarget;
  beforeAll(async () => {
    place = await target();
    await migrate(place);
    store = await openStore(place);
  });
  afterAll(() => store.close());

  /** Order 1 is refused, with what comes of it later; orders 2 and 3 are written. */
  async function saleWith(later: (sale: Sale) => LogRecord[], stock = 3) {
    const sale = await openSale(store, { stock, capacity: 1 });
    const userId = `refused-${sale.skuId}`;
    await refuseRowsOf(place, userId);
    try {
      await store.applyRecords([
        sale.reserved({ seq: 1, n: 1 }, { userId }),
        sale.reserved({ seq: 2, n: 2 }),
        sale.reserved({ seq: 3, n: 3 }),
      ]);
      for (const record of later(sale)) await store.applyRecords([record]);
    } finally {
      await refuseNobody(place);
    }
    const { activityId } = sale;
    const page = { activityId, afterId: 0, limit: 100, which: 'undecided' } as const;
    const [letter] = await store.deadLettersPage(page);
    return { sale, id: letter?.id ?? 0 };
  }

  async function stateOf({ activityId, id }: Sale) {
    const activity = await store.findActivity(activityId);
    const followed = startOfLedger();
    for (const { lines } of await store.ledgerPages({ activityId, afterId: 0, limit: 1_000 })) {
      for (const line of lines) expect(followLine(followed, line)).toBeUndefined();
    }
    expect(followed.sold).toBe(activity?.applied.sold);
    const order = await store.findOrder(id(1));
    return {
      ...{ sold: activity?.applied.sold, held: await store.unitsInDeadLetters(activityId) },
      ...{ status: order?.status, reason: order?.reason, alarm: activity?.applied.alarmEpoch },
    };
  }

  it('takes the unit that the letter held', async () => {
    const { sale, id } = await saleWith(() => []);
    expect(await stateOf(sale)).toMatchObject({ sold: 2, held: 1, status: undefined });
    const decision = { kind: 'replay', status: 'PENDING' } as const;
    expect(await store.decideDeadLetter({ id, decision })).toEqual({
      ...{ kind: 'decided', letters: [id], activityId: sale.activityId, status: 'PENDING' },
    });
    expect(await stateOf(sale)).toEqual({
      ...{ sold: 3, held: 0, status: 'PENDING', reason: null, alarm: 0 },
    });
    expect(await store.decideDeadLetter({ id, decision })).toMatchObject({
      kind: 'decided-before',
    });
    expect(await stateOf(sale)).toMatchObject({ sold: 3 });
  });

  it('goes on with what became of the order meanwhile', async () => {
    const { sale, id } = await saleWith((one) => [one.paid({ seq: 4, n: 1 })]);
    const decision = { kind: 'replay', status: 'PAID' } as const;
    expect(await store.decideDeadLetter({ id, decision })).toMatchObject({ status: 'PAID' });
    expect(await stateOf(sale)).toMatchObject({ sold: 3, held: 0, status: 'PAID' });
  });

  it('takes no unit for an order that Redis has ended, whose event may come later', async () => {
    const { sale, id } = await saleWith(() => []);
    const decision = { kind: 'replay', status: 'CANCELLED' } as const;
    expect(await store.decideDeadLetter({ id, decision })).toMatchObject({ status: 'CANCELLED' });
    expect(await stateOf(sale)).toMatchObject({ sold: 2, held: 0, reason: 'EXPIRED' });
    await store.applyRecords([sale.cancelled({ seq: 4, n: 1 })]);
    expect(await stateOf(sale)).toMatchObject({ sold: 2, status: 'CANCELLED' });
  });

  it('takes the reason of the event that waited with it', async () => {
    const { sale, id } = await saleWith((one) => [one.cancelled({ seq: 4, n: 1 })]);
    const decision = { kind: 'replay', status: 'CANCELLED' } as const;
    await store.decideDeadLetter({ id, decision });
    expect(await stateOf(sale)).toMatchObject({ sold: 2, reason: 'CANCELLED_BY_BUYER' });
  });

  it('never sells above the stock', async () => {
    const { sale, id } = await saleWith((one) => [one.reserved({ seq: 4, n: 4 })], 3);
    const decision = { kind: 'replay', status: 'PENDING' } as const;
    expect(await store.decideDeadLetter({ id, decision })).toMatchObject({ status: 'CANCELLED' });
    expect(await stateOf(sale)).toMatchObject({ sold: 3, reason: 'OVERSOLD_GUARD', alarm: 1 });
  });
});
