// The writer's rules about numbers: what is next, known, older, or behind a gap.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../../store/store.ts';
import { recordsOf } from './sale-records.ts';
import { DATABASES, openSale } from './stores.ts';

describe.each(DATABASES)('the sequence on $name', ({ open }) => {
  let store: Store;
  beforeAll(async () => {
    store = await open();
  });
  afterAll(() => store.close());

  const applied = async (activityId: string) => (await store.findActivity(activityId))?.applied;
  const fenced = { status: 'CANCELLED', reason: 'FENCED' };

  it('writes reservations in sequence and counts them', async () => {
    const sale = await openSale(store);
    const result = await store.applyRecords([
      sale.reserved({ seq: 1, n: 1 }),
      sale.reserved({ seq: 2, n: 2 }, { quantity: 2, amount: 1000 }),
    ]);
    expect(result).toEqual({ persisted: [sale.id(1), sale.id(2)], deadLetters: 0, stalled: [] });
    expect(await applied(sale.activityId)).toMatchObject({ epoch: 1, seq: 2, sold: 3 });
    expect(await store.findOrder(sale.id(2))).toEqual({
      ...{ orderId: sale.id(2), activityId: sale.activityId, skuId: sale.skuId, userId: 'user-2' },
      ...{ quantity: 2, amount: 1000, currency: 'EUR', status: 'PENDING', reason: null },
      ...{ epoch: 1, seq: 2, createdAt: 6_000, payBy: 906_000 },
    });
  });

  it('skips what it has applied, within a batch and between batches', async () => {
    const sale = await openSale(store);
    const one = sale.reserved({ seq: 1, n: 1 });
    const two = sale.reserved({ seq: 2, n: 2 });
    await store.applyRecords([one, one, two, one]);
    const again = await store.applyRecords([one, two, sale.reserved({ seq: 3, n: 3 })]);
    expect(again.persisted).toEqual([sale.id(3)]);
    expect(await applied(sale.activityId)).toMatchObject({ seq: 3, sold: 3, alarmEpoch: 0 });
  });

  it('stops an activity at a gap with an alarm, and no other', async () => {
    const [sale, other] = [await openSale(store), await openSale(store)];
    const records = [
      sale.reserved({ seq: 1, n: 1 }),
      sale.reserved({ seq: 3, n: 3 }),
      other.reserved({ seq: 1, n: 1 }),
      sale.reserved({ seq: 4, n: 4 }),
    ];
    const expected = { deadLetters: 0, stalled: [sale.activityId] };
    expect(await store.applyRecords(records)).toEqual({
      ...{ ...expected, persisted: [sale.id(1), other.id(1)] },
    });
    expect(await applied(sale.activityId)).toMatchObject({
      ...{ seq: 1, sold: 1, alarmEpoch: 1, alarm: 'a gap behind 1-1, met at 1-3' },
    });
    expect(await store.applyRecords(records)).toEqual({ ...expected, persisted: [] });
    await store.applyRecords([sale.reserved({ seq: 9, n: 9 })]);
    expect((await applied(sale.activityId))?.alarm).toBe('a gap behind 1-1, met at 1-3');
    expect(await applied(other.activityId)).toMatchObject({ seq: 1, alarmEpoch: 0 });
  });

  it('goes on at a gap once a later epoch is announced: what stands between is FENCED', async () => {
    const sale = await openSale(store);
    const { activityId } = sale;
    const records = [
      sale.reserved({ seq: 2, n: 2 }),
      sale.paid({ seq: 3, n: 2 }),
      sale.epoch(2),
      sale.reserved({ epoch: 2, seq: 1, n: 5 }),
    ];
    await store.announceEpoch({ activityId, epoch: 1 });
    expect((await store.applyRecords(records)).stalled).toEqual([activityId]);
    await store.announceEpoch({ activityId, epoch: 2 });
    expect(await store.applyRecords(records)).toEqual({
      ...{ persisted: [sale.id(2), sale.id(5)], deadLetters: 0, stalled: [] },
    });
    expect(await store.findOrder(sale.id(2))).toMatchObject(fenced);
    expect(await store.findOrder(sale.id(5))).toMatchObject({ status: 'PENDING', epoch: 2 });
    expect(await applied(activityId)).toMatchObject({ epoch: 2, seq: 1, sold: 1, alarmEpoch: 1 });
  });

  it('waits at records of an epoch whose event never came', async () => {
    const sale = await openSale(store);
    const { activityId } = sale;
    await store.announceEpoch({ activityId, epoch: 2 });
    const records = [sale.reserved({ epoch: 2, seq: 1, n: 1 })];
    expect((await store.applyRecords(records)).stalled).toEqual([activityId]);
    expect(await applied(activityId)).toMatchObject({ epoch: 1, seq: 0, alarmEpoch: 2 });
    await store.announceEpoch({ activityId, epoch: 3 });
    expect((await store.applyRecords(records)).stalled).toEqual([]);
    expect(await store.findOrder(sale.id(1))).toMatchObject(fenced);
  });

  it('opens a newer epoch once, and none that is over', async () => {
    const sale = await openSale(store);
    await store.applyRecords([
      sale.reserved({ seq: 1, n: 1 }),
      sale.epoch(3),
      sale.reserved({ epoch: 3, seq: 1, n: 2 }),
      sale.epoch(3),
      sale.epoch(2),
    ]);
    const state = { epoch: 3, seq: 1, sold: 2, alarmEpoch: 0 };
    expect(await applied(sale.activityId)).toMatchObject(state);
  });

  it('records a reservation of a former epoch as FENCED unless its order is known', async () => {
    const sale = await openSale(store);
    await store.applyRecords([sale.reserved({ seq: 1, n: 1 }), sale.epoch(2)]);
    const late = [
      sale.reserved({ seq: 1, n: 1 }),
      sale.reserved({ seq: 2, n: 2 }),
      sale.paid({ seq: 3, n: 1 }),
      sale.cancelled({ seq: 4, n: 1 }),
      sale.adjusted({ seq: 5, stock: 7 }),
    ];
    expect((await store.applyRecords(late)).persisted).toEqual([sale.id(2)]);
    expect(await store.findOrder(sale.id(1))).toMatchObject({ status: 'PENDING' });
    expect(await store.findOrder(sale.id(2))).toMatchObject(fenced);
    const state = { epoch: 2, seq: 0, sold: 1, stock: 100, alarmEpoch: 0 };
    expect(await applied(sale.activityId)).toMatchObject(state);
  });

  it('takes another order under a known number for the proof of a fork', async () => {
    const sale = await openSale(store);
    await store.applyRecords([sale.reserved({ seq: 1, n: 1 }), sale.reserved({ seq: 2, n: 2 })]);
    const fork = await store.applyRecords([sale.reserved({ seq: 2, n: 9 })]);
    expect(fork).toEqual({ persisted: [sale.id(9)], deadLetters: 0, stalled: [] });
    expect(await store.findOrder(sale.id(9))).toMatchObject(fenced);
    expect(await applied(sale.activityId)).toMatchObject({ seq: 2, sold: 2, alarmEpoch: 1 });
  });

  it('sends records of an activity it does not know to the dead letters', async () => {
    const skuId = 'sku_unknown';
    const stranger = recordsOf({ activityId: `stranger-${Date.now()}`, skuId });
    const records = [stranger.reserved({ seq: 1, n: 1 }), stranger.epoch(2)];
    expect(await store.applyRecords(records)).toEqual({
      ...{ persisted: [], deadLetters: 2, stalled: [] },
    });
    expect(await store.findOrder(stranger.id(1))).toBeUndefined();
    expect((await store.applyRecords(records)).deadLetters).toBe(0);
  });
});
