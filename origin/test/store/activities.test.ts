import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../../store/store.ts';
import { DATABASES, openSale, termsOf } from './stores.ts';

describe.each(DATABASES)('activities on $name', ({ open }) => {
  let store: Store;
  beforeAll(async () => {
    store = await open();
  });
  afterAll(() => store.close());

  const insert = (activityId: string, terms = termsOf()) =>
    store.insertActivity({ activityId, terms, now: 5_000 });

  it('keeps what its maker decided, and begins with nothing applied', async () => {
    const terms = termsOf({ title: "O'Brien's \\ \u{1f600} ?", price: 10 ** 12, stock: 10 ** 7 });
    const inserted = await insert('keeps', terms);
    expect(inserted).toMatchObject({ kind: 'inserted', activity: terms });
    const found = await store.findActivity('keeps');
    expect(inserted).toEqual({ kind: 'inserted', activity: found });
    expect(found).toEqual({
      ...terms,
      ...{ activityId: 'keeps', state: 'SCHEDULED', paused: false, version: 1 },
      ...{
        createdAt: 5_000,
        updatedAt: 5_000,
        deletedAt: null,
        epoch: 0,
        runId: '',
        epochTaken: 0,
      },
      ...{ epochAnnounced: 0, fenceEpoch: 0, fenceReason: null, virtualAt: 0, frontier: 0 },
      speedPin: null,
      drawFacts: null,
      applied: {
        epoch: 0,
        seq: 0,
        sold: 0,
        stock: 10 ** 7,
        alarmEpoch: 0,
        alarm: null,
        ledgerHead: null,
      },
    });
  });

  it('knows no activity by another letter case', async () => {
    await insert('case-a');
    expect(await store.findActivity('CASE-A')).toBeUndefined();
    expect(await store.findActivity('nothing')).toBeUndefined();
  });

  it('refuses a second activity of the SKU that overlaps in time, and names the first', async () => {
    const terms = termsOf({ startAt: 10_000, endAt: 20_000 });
    await insert('first', terms);
    const around = { ...terms, startAt: 5_000, endAt: 25_000 };
    const inside = { ...terms, startAt: 12_000, endAt: 13_000 };
    for (const other of [terms, around, inside, { ...terms, startAt: 19_999, endAt: 30_000 }]) {
      expect(await insert('second', other)).toEqual({ kind: 'overlap', activityId: 'first' });
    }
    const after = { ...terms, startAt: 20_000, endAt: 30_000 };
    expect(await insert('after', after)).toMatchObject({ kind: 'inserted' });
    const before = { ...terms, startAt: 9_000, endAt: 10_000 };
    expect(await insert('before', before)).toMatchObject({ kind: 'inserted' });
  });

  it('decides one of many that come at once', async () => {
    const terms = termsOf();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => insert(`at-once-${index}`, terms)),
    );
    expect(answers.filter((answer) => answer.kind === 'inserted')).toHaveLength(1);
  });

  it('loads an activity once, while no other of its SKU is loaded', async () => {
    const terms = termsOf({ startAt: 10_000, endAt: 20_000 });
    await insert('load', terms);
    await insert('load-next', { ...terms, startAt: 20_000, endAt: 30_000 });
    expect(await store.markLoaded({ activityId: 'load', runId: 'run-1' })).toMatchObject({
      kind: 'loaded',
      activity: {
        ...{ state: 'LOADED', epoch: 1, epochTaken: 1, runId: 'run-1' },
        applied: {
          epoch: 1,
          seq: 0,
          sold: 0,
          stock: 100,
          alarmEpoch: 0,
          alarm: null,
        },
      },
    });
    const refused = { kind: 'refused' };
    expect(await store.markLoaded({ activityId: 'load', runId: 'run-2' })).toEqual(refused);
    expect(await store.markLoaded({ activityId: 'load-next', runId: 'run-1' })).toEqual(refused);
    expect(await store.markLoaded({ activityId: 'nothing', runId: 'run-1' })).toEqual(refused);
  });

  it('lists what lives, oldest start first, with what is applied', async () => {
    const sale = await openSale(store, { startAt: 100 });
    await store.applyRecords([sale.reserved({ seq: 1, n: 1 })]);
    await insert('lives-later', termsOf({ startAt: 101 }));
    const ids = [sale.activityId, 'lives-later'];
    const live = (await store.liveActivities()).filter((row) => ids.includes(row.activityId));
    expect(live.map((row) => row.activityId)).toEqual(ids);
    expect(live.map((row) => row.applied.sold)).toEqual([1, 0]);
  });

  it('saves how far the line has come, and never takes it back', async () => {
    const { activityId } = await openSale(store);
    const at = async () => {
      const row = await store.findActivity(activityId);
      return [row?.virtualAt, row?.frontier];
    };
    await store.saveFrontiers([{ activityId, virtualAt: 10.2, frontier: 30 }]);
    expect(await at()).toEqual([11, 30]);
    await store.saveFrontiers([{ activityId, virtualAt: 5, frontier: 40 }]);
    expect(await at()).toEqual([11, 40]);
    await store.saveFrontiers([]);
    await store.saveFrontiers([{ activityId, virtualAt: 12, frontier: 20 }]);
    expect(await at()).toEqual([12, 40]);
  });

  it('saves many frontiers at once, each its own', async () => {
    const ids = ['many-1', 'many-2', 'many-3'];
    for (const id of ids) await insert(id, termsOf());
    const saved = ids.map((activityId, n) => ({ activityId, virtualAt: n, frontier: 10 * n }));
    await store.saveFrontiers(saved);
    for (const { activityId, virtualAt, frontier } of saved) {
      expect(await store.findActivity(activityId)).toMatchObject({ virtualAt, frontier });
    }
  });

  it('pins the speed of a line and lets it go', async () => {
    await insert('pinned', termsOf());
    const pinnedAt = async () => (await store.findActivity('pinned'))?.speedPin;
    expect(await pinnedAt()).toBeNull();
    expect(await store.pinSpeed({ activityId: 'pinned', speed: 0.35 })).toEqual({ kind: 'pinned' });
    expect(await pinnedAt()).toBe(0.35);
    await store.pinSpeed({ activityId: 'pinned', speed: null });
    expect(await pinnedAt()).toBeNull();
    const nobody = { activityId: 'nobody', speed: 1 };
    expect(await store.pinSpeed(nobody)).toEqual({ kind: 'unknown' });
  });

  it('gives each leader of a job a higher term', async () => {
    const terms = await Promise.all(Array.from({ length: 10 }, () => store.nextTerm('job-a')));
    expect(terms.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(await store.nextTerm('job-b')).toBe(1);
  });
});
