import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../../store/store.ts';
import { DATABASES, openSale, termsOf } from './stores.ts';

describe.each(DATABASES)('fence and rebuild on $name', ({ open }) => {
  let store: Store;
  beforeAll(async () => {
    store = await open();
  });
  afterAll(() => store.close());

  it('keeps the first reason for an epoch', async () => {
    const { activityId } = await openSale(store);
    await store.requestFence({ activityId, epoch: 1, reason: 'restarted' });
    await store.requestFence({ activityId, epoch: 1, reason: 'later' });
    expect(await store.findActivity(activityId)).toMatchObject({
      ...{ fenceEpoch: 1, fenceReason: 'restarted' },
    });
    await store.requestFence({ activityId, epoch: 2, reason: 'again'.repeat(200) });
    await store.requestFence({ activityId, epoch: 1, reason: 'old' });
    expect(await store.findActivity(activityId)).toMatchObject({
      ...{ fenceEpoch: 2, fenceReason: 'again'.repeat(100) },
    });
  });

  it('gives each rebuild an epoch that nobody has taken, and none to a former leader', async () => {
    const { activityId } = await openSale(store);
    expect(await store.takeEpoch({ activityId, term: 5 })).toEqual({ kind: 'taken', epoch: 2 });
    expect(await store.takeEpoch({ activityId, term: 4 })).toEqual({ kind: 'superseded' });
    expect(await store.takeEpoch({ activityId, term: 5 })).toEqual({ kind: 'taken', epoch: 3 });
    expect(await store.takeEpoch({ activityId, term: 6 })).toEqual({ kind: 'taken', epoch: 4 });
    const row = await store.findActivity(activityId);
    expect(row).toMatchObject({ epoch: 1, epochTaken: 4, runId: 'run-1' });
  });

  it('gives an epoch to one of many that ask at once', async () => {
    const { activityId } = await openSale(store);
    const asked = Array.from({ length: 8 }, () => store.takeEpoch({ activityId, term: 1 }));
    const taken = (await Promise.all(asked)).map((one) => (one.kind === 'taken' ? one.epoch : 0));
    expect(taken.toSorted((a, b) => a - b)).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('takes none for an activity that is not loaded', async () => {
    await store.insertActivity({ activityId: 'not-loaded', terms: termsOf(), now: 1 });
    const superseded = { kind: 'superseded' };
    expect(await store.takeEpoch({ activityId: 'not-loaded', term: 1 })).toEqual(superseded);
    expect(await store.takeEpoch({ activityId: 'nothing', term: 1 })).toEqual(superseded);
  });

  it('opens only the newest epoch taken, for the leader that took it', async () => {
    const { activityId } = await openSale(store);
    await store.takeEpoch({ activityId, term: 3 });
    await store.takeEpoch({ activityId, term: 3 });
    const openWith = (epoch: number, term: number) =>
      store.openEpoch({ activityId, epoch, term, runId: 'run-2' });
    expect(await openWith(2, 3)).toEqual({ kind: 'superseded' });
    expect(await openWith(3, 2)).toEqual({ kind: 'superseded' });
    expect(await store.findActivity(activityId)).toMatchObject({ epoch: 1, runId: 'run-1' });
    expect(await openWith(3, 3)).toEqual({ kind: 'opened' });
    expect(await openWith(3, 3)).toEqual({ kind: 'opened' });
    expect(await store.findActivity(activityId)).toMatchObject({ epoch: 3, runId: 'run-2' });
  });

  it('announces an epoch and never a lower one after it', async () => {
    const { activityId } = await openSale(store);
    await store.announceEpoch({ activityId, epoch: 3 });
    await store.announceEpoch({ activityId, epoch: 2 });
    expect(await store.findActivity(activityId)).toMatchObject({ epochAnnounced: 3 });
  });
});
