import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mintUlid } from '../../../shared/order-id.ts';
import type { Store } from '../../store/store.ts';
import { DATABASES, termsOf } from './stores.ts';

describe.each(DATABASES)('draws on $name', ({ open }) => {
  let store: Store;
  beforeAll(async () => {
    store = await open();
  });
  afterAll(() => store.close());

  async function create(draw: boolean): Promise<string> {
    const activityId = mintUlid(Date.now());
    await store.insertActivity({ activityId, terms: termsOf({ draw }), now: 5_000 });
    return activityId;
  }
  const leaves = (count: number) => 'ab'.repeat(16 * count);
  const behind = { chain: 'c'.repeat(40), closed: false, root: null };

  it('are made with their activity, each with a seed of its own', async () => {
    const [one, two] = [await create(true), await create(true)];
    const [first, second] = [await store.findDraw(one), await store.findDraw(two)];
    const seed = Buffer.from(first?.seed ?? '', 'hex');
    expect(seed).toHaveLength(32);
    expect(first).toMatchObject({ entries: 0, closed: false, root: null });
    expect(first?.commitment).toBe(createHash('sha256').update(seed).digest('hex'));
    expect(second?.seed).not.toBe(first?.seed);
    expect((await store.findActivity(one))?.drawFacts).toEqual(first);
    const none = await create(false);
    expect(await store.findDraw(none)).toBeUndefined();
    expect((await store.findActivity(none))?.drawFacts).toBeNull();
  });

  it('keep entries once, in order, and nothing behind their end', async () => {
    const activityId = await create(true);
    const first = { activityId, from: 0, entries: 1_002, ...behind };
    const pages = [
      { first: 0, leaves: leaves(1_000) },
      { first: 1_000, leaves: leaves(2) },
    ];
    expect(await store.saveDraw({ ...first, pages })).toEqual({ kind: 'saved' });
    expect(await store.saveDraw({ ...first, pages })).toEqual({ kind: 'superseded' });
    const last = { first: 1_002, leaves: leaves(1) };
    const end = { from: 1_002, entries: 1_003, closed: true, root: 'd'.repeat(64) };
    const closing = { activityId, ...behind, ...end, pages: [last] };
    expect(await store.saveDraw(closing)).toEqual({ kind: 'saved' });
    const after = { ...closing, from: 1_003, entries: 1_003, pages: [] };
    expect(await store.saveDraw(after)).toEqual({ kind: 'superseded' });
    expect(await store.findDraw(activityId)).toMatchObject({ entries: 1_003, closed: true });
    const from = async (index: number, limit = 10) =>
      (await store.drawPages({ activityId, from: index, limit })).map((page) => page.first);
    expect(await from(0)).toEqual([0, 1_000, 1_002]);
    expect(await from(0, 1)).toEqual([0]);
    expect(await from(999)).toEqual([0, 1_000, 1_002]);
    expect(await from(1_000)).toEqual([1_000, 1_002]);
    expect(await from(1_003)).toEqual([]);
  });
});
