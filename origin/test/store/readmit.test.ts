// A database put back from a backup: what it is told of the time behind it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mintUlid } from '../../../shared/order-id.ts';
import { openingLine } from '../../ledger/ledger.ts';
import type { ReadmitActivity } from '../../store/restore-port.ts';
import type { Store } from '../../store/store.ts';
import { recordsOf } from './sale-records.ts';
import { DATABASES, openSale, termsOf } from './stores.ts';

const SAME = {
  load: undefined,
  stock: undefined,
  live: undefined,
  knownVersion: 0,
  now: 9_000,
} as const;

describe.each(DATABASES)('readmitting on $name', ({ open }) => {
  let store: Store;
  beforeAll(async () => {
    store = await open();
  });
  afterAll(() => store.close());

  it('raises epochs above all known, asks for the fence, and leaves one audit row', async () => {
    const { activityId } = await openSale(store);
    const readmit: ReadmitActivity = { ...SAME, activityId, to: 'LOADED', knownEpoch: 5, stock: 7 };
    for (let repeat = 0; repeat < 2; repeat += 1) {
      expect(await store.readmitActivity(readmit)).toBe(true);
    }
    await store.readmitActivity({ ...readmit, knownEpoch: 3 });
    expect(await store.findActivity(activityId)).toMatchObject({
      ...{ state: 'LOADED', epoch: 1, epochTaken: 5, epochAnnounced: 5, stock: 7 },
      ...{ fenceEpoch: 1, fenceReason: 'restored from a backup' },
    });
    const history = await store.activityHistory(activityId);
    expect(history.filter(({ action }) => action === 'restore')).toMatchObject([
      { actor: 'system', diff: { epochTaken: [1, 5], stock: [100, 7] } },
    ]);
    expect(await store.takeEpoch({ activityId, term: 1 })).toEqual({ kind: 'taken', epoch: 6 });
  });

  it('keeps a sale stopped that was stopped behind the backup', async () => {
    const { activityId } = await openSale(store);
    const readmit = { ...SAME, activityId, to: 'LOADED', knownEpoch: 1 } as const;
    const live = { endAt: 8_000, paused: true };
    for (let repeat = 0; repeat < 2; repeat += 1) {
      await store.readmitActivity({ ...readmit, live, knownVersion: 5 });
      expect(await store.findActivity(activityId)).toMatchObject({ ...live, version: 6 });
    }
  });

  it('loads what was loaded behind the backup, and its log is applied', async () => {
    const terms = termsOf({ stock: 2 });
    const activityId = mintUlid(Date.now());
    await store.insertActivity({ activityId, terms, now: 5_000 });
    const load = { epoch: 2, stock: 3 };
    const readmit: ReadmitActivity = { ...SAME, activityId, to: 'LOADED', knownEpoch: 2, load };
    for (let repeat = 0; repeat < 2; repeat += 1) await store.readmitActivity(readmit);
    const sale = recordsOf({ activityId, skuId: terms.skuId });
    const records = [1, 2, 3, 4].map((n) => sale.reserved({ n, epoch: 2, seq: n }));
    await store.applyRecords(records);
    expect(await store.summary(activityId)).toMatchObject({ orders: 4, sold: 3, deadLetters: 0 });
    const [page] = await store.ledgerPages({ activityId, afterId: 0, limit: 1 });
    expect(page?.lines).toEqual([openingLine(2, 3)]);
  });

  it('closes what another activity has followed, and knows of nothing else', async () => {
    const { activityId } = await openSale(store);
    await store.readmitActivity({ ...SAME, activityId, to: 'CLOSED', knownEpoch: 1 });
    expect(await store.findActivity(activityId)).toMatchObject({ state: 'CLOSED', fenceEpoch: 0 });
    const unknown = { ...SAME, activityId: 'nobody', to: 'LOADED', knownEpoch: 1 } as const;
    expect(await store.readmitActivity(unknown)).toBe(false);
  });

  it('gives no term again', async () => {
    expect(await store.lastTerm('line')).toBe(0);
    expect(await store.nextTerm('line')).toBe(1);
    for (let repeat = 0; repeat < 2; repeat += 1) {
      await store.raiseTerms({ jobs: ['line', 'relay'], least: 8 });
    }
    expect([await store.nextTerm('line'), await store.nextTerm('relay')]).toEqual([9, 9]);
    await store.raiseTerms({ jobs: ['line'], least: 4 });
    expect(await store.nextTerm('line')).toBe(10);
    expect(await store.lastTerm('line')).toBe(10);
  });
});
