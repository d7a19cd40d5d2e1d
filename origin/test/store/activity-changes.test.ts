import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ActivityState } from '../../../shared/words.ts';
import type { ChangeActivity } from '../../store/activities-port.ts';
import type { Store } from '../../store/store.ts';
import { DATABASES, newSkuId, openSale, termsOf } from './stores.ts';

describe.each(DATABASES)('changes of activities on $name', ({ open }) => {
  let store: Store;
  beforeAll(async () => {
    store = await open();
  });
  afterAll(() => store.close());

  const insert = async (activityId: string, terms = termsOf(), now = 5_000) => {
    expect(await store.insertActivity({ activityId, terms, now, actor: 'ada' })).toMatchObject({
      kind: 'inserted',
    });
  };
  const change = (activityId: string, edit: Partial<ChangeActivity>) =>
    store.changeActivity({
      ...{ activityId, version: 1, members: {}, action: 'replace', actor: 'ben', now: 6_000 },
      ...edit,
    });

  it('are made on the version that they were decided on, once, and told', async () => {
    await insert('changes');
    const members = { stock: 150, title: 'Änderung “1”', beacon: null };
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => change('changes', { members })),
    );
    const kinds = answers.map(({ kind }) => kind).toSorted();
    expect(kinds).toEqual(['changed', 'conflict', 'conflict', 'conflict', 'conflict']);
    expect(await store.findActivity('changes')).toMatchObject({
      ...{ stock: 150, title: 'Änderung “1”', version: 2, updatedAt: 6_000, createdAt: 5_000 },
    });
    const [created, replaced, ...rest] = await store.activityHistory('changes');
    expect(rest).toEqual([]);
    expect(created).toMatchObject({ action: 'create', actor: 'ada', at: 5_000, version: 1 });
    expect(created?.diff).toMatchObject({ stock: [null, 100], draw: [null, false] });
    expect(replaced).toEqual({
      ...{ action: 'replace', actor: 'ben', at: 6_000, version: 2 },
      diff: { stock: [100, 150], title: ['A thing', 'Änderung “1”'] },
    });
  });

  it('keep one activity per SKU and time, and wait for a former one that has to be closed', async () => {
    const skuId = newSkuId();
    await insert('sku-1', termsOf({ skuId, startAt: 10_000, endAt: 20_000 }));
    await insert('sku-2', termsOf({ skuId, startAt: 20_000, endAt: 30_000 }));
    const over = { members: { startAt: 19_999 }, now: 6_000 };
    expect(await change('sku-2', over)).toEqual({ kind: 'overlap', activityId: 'sku-1' });
    await store.markLoaded({ activityId: 'sku-1', runId: 'run' });
    const atOnce = { members: { startAt: 24_000 }, now: 25_000 };
    const former = { kind: 'former-activity-open', activityId: 'sku-1' };
    expect(await change('sku-2', atOnce)).toEqual(former);
    expect(await change('sku-2', { ...atOnce, now: 6_000 })).toMatchObject({ kind: 'changed' });
  });

  it('give an activity that leaves its SKU an epoch of its own', async () => {
    const skuId = newSkuId();
    await insert('leaves');
    await store.markLoaded({ activityId: 'leaves', runId: 'run' });
    expect(await change('leaves', { members: { skuId } })).toMatchObject({
      kind: 'changed',
      activity: { skuId, state: 'SCHEDULED', epoch: 0, applied: { epoch: 0 } },
    });
    expect(await store.markLoaded({ activityId: 'leaves', runId: 'run' })).toMatchObject({
      kind: 'loaded',
      activity: { epoch: 2, epochTaken: 2, applied: { epoch: 2, seq: 0, stock: 100 } },
    });
  });

  it('are listed newest first, by page, state and SKU, without deleted ones', async () => {
    const skuId = newSkuId();
    const at = (start: number) => termsOf({ skuId, startAt: start, endAt: start + 10 });
    const ids = ['list-a', 'list-b', 'list-c', 'list-d', 'list-e'];
    for (const [index, id] of ids.entries())
      await insert(id, at(100 * index), 7_000 + (index >> 1));
    await change('list-c', { isDeleted: true, action: 'delete', now: 150 });
    await change('list-e', { members: { paused: true }, action: 'pause' });
    await store.markLoaded({ activityId: 'list-b', runId: 'run' });
    const idsOf = async (page: Partial<Parameters<Store['activitiesPage']>[0]>) => {
      const rows = await store.activitiesPage({ skuId, limit: 10, now: 105, ...page });
      return rows.map(({ activityId }) => activityId);
    };
    expect(await idsOf({})).toEqual(['list-e', 'list-d', 'list-b', 'list-a']);
    const after = { createdAt: 7_001, activityId: 'list-d' };
    expect(await idsOf({ after, limit: 1 })).toEqual(['list-b']);
    const byState = async (state: ActivityState, now: number) => idsOf({ state, now });
    expect(await byState('RUNNING', 105)).toEqual(['list-b']);
    expect(await byState('LOADED', 99)).toEqual(['list-b']);
    expect(await byState('ENDED', 105)).toEqual(['list-a']);
    expect(await byState('PAUSED', 105)).toEqual(['list-e']);
    expect(await byState('SCHEDULED', 105)).toEqual(['list-d']);
    expect(await byState('CLOSED', 105)).toEqual([]);
    await store.markClosed({ activityId: 'list-a', now: 105 });
    expect(await byState('CLOSED', 105)).toEqual(['list-a']);
  });

  it('close what has ended, is whole and has nothing pending', async () => {
    const sale = await openSale(store, { startAt: 100, endAt: 200 });
    const { activityId } = sale;
    const begin = (changes: object = {}) =>
      store.beginClosing({ activityId, epoch: 1, seq: 1, now: 300, ...changes });
    await store.applyRecords([sale.reserved({ seq: 1, n: 1 })]);
    expect(await begin({ now: 199 })).toEqual({ kind: 'open', why: 'not-ended' });
    expect(await begin({ epoch: 2 })).toEqual({ kind: 'open', why: 'rebuild' });
    expect(await begin({ seq: 2 })).toEqual({ kind: 'open', why: 'lag' });
    expect(await begin()).toEqual({ kind: 'open', why: 'pending' });
    await store.markClosed({ activityId, now: 300 });
    expect(await store.findActivity(activityId)).toMatchObject({ state: 'LOADED' });
    const idle = await openSale(store, { startAt: 100, endAt: 200 });
    const closing = { activityId: idle.activityId, epoch: 1, seq: 0, now: 300 };
    expect(await store.beginClosing(closing)).toMatchObject({
      kind: 'closing',
      activity: { state: 'CLOSING' },
    });
    expect(await store.beginClosing(closing)).toEqual({ kind: 'open', why: 'not-loaded' });
    await store.markClosed({ activityId: idle.activityId, now: 300 });
    await store.markClosed({ activityId: idle.activityId, now: 400 });
    const history = await store.activityHistory(idle.activityId);
    expect(history.map(({ action, actor }) => [action, actor])).toEqual([
      ['create', 'system'],
      ['close', 'system'],
    ]);
  });
});
