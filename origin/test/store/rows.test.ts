// The writer's rules about orders: what an event does to its row and to what is sold.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../../store/store.ts';
import { DATABASES, openSale, type Sale } from './stores.ts';

describe.each(DATABASES)('rows on $name', ({ open }) => {
  let store: Store;
  beforeAll(async () => {
    store = await open();
  });
  afterAll(() => store.close());

  const applied = async (sale: Sale) => (await store.findActivity(sale.activityId))?.applied;
  const row = (sale: Sale, n: number) => store.findOrder(sale.id(n));

  it.each(['in one batch', 'one by one'])('pays and cancels, %s', async (how) => {
    const sale = await openSale(store);
    const records = [
      sale.reserved({ seq: 1, n: 1 }, { quantity: 2 }),
      sale.reserved({ seq: 2, n: 2 }),
      sale.reserved({ seq: 3, n: 3 }),
      sale.paid({ seq: 4, n: 2 }),
      sale.cancelled({ seq: 5, n: 1 }),
      sale.paid({ seq: 6, n: 3 }),
      sale.cancelled({ seq: 7, n: 3 }),
    ];
    if (how === 'in one batch') await store.applyRecords(records);
    else for (const record of records) await store.applyRecords([record]);
    const cancelled = { status: 'CANCELLED', reason: 'CANCELLED_BY_BUYER' };
    expect(await row(sale, 1)).toMatchObject({ ...cancelled, epoch: 1, seq: 1 });
    expect(await row(sale, 2)).toMatchObject({ status: 'PAID', reason: null, seq: 2 });
    expect(await row(sale, 3)).toMatchObject(cancelled);
    expect(await applied(sale)).toMatchObject({ seq: 7, sold: 1, alarmEpoch: 0 });
  });

  it('never sells more than the stock: what does not fit is CANCELLED, with an alarm', async () => {
    const sale = await openSale(store, { stock: 3, capacity: 3 });
    await store.applyRecords([
      sale.reserved({ seq: 1, n: 1 }, { quantity: 2 }),
      sale.reserved({ seq: 2, n: 2 }, { quantity: 2 }),
      sale.reserved({ seq: 3, n: 3 }),
    ]);
    expect(await row(sale, 2)).toMatchObject({ status: 'CANCELLED', reason: 'OVERSOLD_GUARD' });
    expect(await row(sale, 3)).toMatchObject({ status: 'PENDING' });
    const state = await applied(sale);
    expect(state).toMatchObject({ seq: 3, sold: 3, alarmEpoch: 1 });
    expect(state?.alarm).toBe('more reserved than the stock, met at 1-2');
  });

  it('counts with an adjusted stock from its event on', async () => {
    const sale = await openSale(store, { stock: 1, capacity: 1 });
    await store.applyRecords([
      sale.reserved({ seq: 1, n: 1 }),
      sale.reserved({ seq: 2, n: 2 }),
      sale.adjusted({ seq: 3, stock: 2 }),
      sale.reserved({ seq: 4, n: 4 }),
    ]);
    expect(await row(sale, 2)).toMatchObject({ reason: 'OVERSOLD_GUARD' });
    expect(await row(sale, 4)).toMatchObject({ status: 'PENDING' });
    expect(await applied(sale)).toMatchObject({ seq: 4, sold: 2, stock: 2 });
  });

  it('takes no stock below what is sold', async () => {
    const sale = await openSale(store);
    const result = await store.applyRecords([
      sale.reserved({ seq: 1, n: 1 }),
      sale.adjusted({ seq: 2, stock: 0 }),
      sale.reserved({ seq: 3, n: 3 }),
    ]);
    expect(result.deadLetters).toBe(1);
    expect(await applied(sale)).toMatchObject({ seq: 3, sold: 2, stock: 100, alarmEpoch: 1 });
  });

  it('revives what a former epoch left CANCELLED, and nothing else', async () => {
    const sale = await openSale(store);
    await store.applyRecords([
      sale.reserved({ seq: 1, n: 1 }),
      sale.cancelled({ seq: 2, n: 1 }),
      sale.reserved({ seq: 3, n: 2 }),
      sale.epoch(2),
      sale.reserved({ epoch: 1, seq: 4, n: 3 }),
    ]);
    expect(await row(sale, 3)).toMatchObject({ reason: 'FENCED' });
    const revived = await store.applyRecords([
      sale.reserved({ epoch: 2, seq: 1, n: 1 }, { payBy: 7 }),
      sale.reserved({ epoch: 2, seq: 2, n: 3 }),
      sale.reserved({ epoch: 2, seq: 3, n: 2 }, { payBy: 7 }),
    ]);
    expect(revived).toEqual({ persisted: [], deadLetters: 0, stalled: [] });
    const pending = { status: 'PENDING', reason: null, epoch: 2 };
    expect(await row(sale, 1)).toMatchObject({ ...pending, seq: 1, payBy: 7 });
    expect(await row(sale, 3)).toMatchObject({ ...pending, seq: 2 });
    expect(await row(sale, 2)).toMatchObject({ status: 'PENDING', epoch: 1, seq: 3 });
    expect(await applied(sale)).toMatchObject({ epoch: 2, seq: 3, sold: 3, alarmEpoch: 0 });
  });

  it('revives nothing that the stock has no unit for', async () => {
    const sale = await openSale(store, { stock: 1, capacity: 1 });
    await store.applyRecords([
      sale.reserved({ seq: 1, n: 1 }),
      sale.cancelled({ seq: 2, n: 1 }),
      sale.reserved({ seq: 3, n: 2 }),
      sale.epoch(2),
    ]);
    await store.applyRecords([sale.reserved({ epoch: 2, seq: 1, n: 1 })]);
    expect(await row(sale, 1)).toMatchObject({ status: 'CANCELLED', reason: 'OVERSOLD_GUARD' });
    expect(await applied(sale)).toMatchObject({ sold: 1, alarmEpoch: 2 });
  });

  it('takes a due reservation of an order that has a row for a repeat', async () => {
    const sale = await openSale(store);
    await store.applyRecords([sale.reserved({ seq: 1, n: 1 })]);
    const again = [sale.reserved({ seq: 2, n: 1 }), sale.reserved({ seq: 3, n: 3 })];
    const result = await store.applyRecords(again);
    expect(result).toEqual({ persisted: [sale.id(3)], deadLetters: 0, stalled: [] });
    expect(await row(sale, 1)).toMatchObject({ seq: 1 });
    expect(await applied(sale)).toMatchObject({ seq: 3, sold: 2 });
  });

  it('leaves a CANCELLED order CANCELLED whatever comes after', async () => {
    const sale = await openSale(store);
    await store.applyRecords([
      sale.reserved({ seq: 1, n: 1 }),
      sale.cancelled({ seq: 2, n: 1 }),
      sale.paid({ seq: 3, n: 1 }),
      sale.cancelled({ seq: 4, n: 1 }),
    ]);
    expect(await row(sale, 1)).toMatchObject({ reason: 'CANCELLED_BY_BUYER' });
    expect(await applied(sale)).toMatchObject({ seq: 4, sold: 0 });
  });

  it('revives a CANCELLED order that got its units again, paid in the same breath', async () => {
    const sale = await openSale(store);
    await store.applyRecords([sale.reserved({ seq: 1, n: 1 }), sale.cancelled({ seq: 2, n: 1 })]);
    await store.applyRecords([sale.reserved({ seq: 3, n: 1 }), sale.paid({ seq: 4, n: 1 })]);
    expect(await row(sale, 1)).toMatchObject({ status: 'PAID', reason: null, seq: 3 });
    expect(await applied(sale)).toMatchObject({ seq: 4, sold: 1 });
  });

  it('writes an order that a failure took as a CANCELLED row', async () => {
    const sale = await openSale(store);
    const lost = sale.cancelled({ seq: 1, n: 1 }, { reason: 'LOST_IN_FAILURE' });
    expect(await store.applyRecords([lost])).toMatchObject({ persisted: [sale.id(1)] });
    const expected = { status: 'CANCELLED', reason: 'LOST_IN_FAILURE', userId: 'user-1' };
    expect(await row(sale, 1)).toMatchObject(expected);
    expect(await applied(sale)).toMatchObject({ seq: 1, sold: 0 });
  });
});
