import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../../store/store.ts';
import { DATABASES, openSale, type Sale } from './stores.ts';

/** A reservation that the writer's rules refuse: quantity 0. */
const BAD = { quantity: 0 };

describe.each(DATABASES)('what is decided about dead letters on $name', ({ open }) => {
  let store: Store;
  beforeAll(async () => {
    store = await open();
  });
  afterAll(() => store.close());

  const lettersOf = ({ activityId }: Sale, which: 'undecided' | 'all' = 'undecided') =>
    store.deadLettersPage({ activityId, afterId: 0, limit: 100, which });
  const applied = async (sale: Sale) => (await store.findActivity(sale.activityId))?.applied;

  /** An order whose row another activity's order stands in the way of, so that it is refused. */
  async function saleWithDeadOrder() {
    const sale = await openSale(store, { stock: 3 });
    const [stranger] = [await openSale(store, { stock: 3 })];
    const taken = sale.reserved({ seq: 1, n: 1 });
    if (taken.kind !== 'event') throw new Error('no event');
    const foreign = { ...taken.event, activityId: stranger.activityId };
    await store.applyRecords([{ ...taken, event: foreign }]);
    await store.applyRecords([taken, sale.paid({ seq: 2, n: 1 })]);
    return { sale, stranger };
  }

  it('a letter that still cannot be written stays undecided and says why', async () => {
    const { sale } = await saleWithDeadOrder();
    const [letter] = await lettersOf(sale);
    const replay = {
      id: letter?.id ?? 0,
      decision: { kind: 'replay', status: 'PENDING' },
    } as const;
    expect(await store.decideDeadLetter(replay)).toEqual({
      kind: 'unwritable',
      why: 'order of another activity',
    });
    expect(await lettersOf(sale)).toHaveLength(2);
    expect(await applied(sale)).toMatchObject({ seq: 2, sold: 0 });
  });

  it('discarding frees what it held, with the letters that waited with it, once', async () => {
    const { sale } = await saleWithDeadOrder();
    const letters = await lettersOf(sale);
    expect(await store.unitsInDeadLetters(sale.activityId)).toBe(1);
    const [first, second] = letters.map(({ id }) => id);
    const discard = { kind: 'discard' } as const;
    expect(await store.decideDeadLetter({ id: second ?? 0, decision: discard })).toMatchObject({
      kind: 'unwritable',
    });
    expect(await store.decideDeadLetter({ id: first ?? 0, decision: discard })).toMatchObject({
      kind: 'decided',
      letters: [first, second],
    });
    expect(await store.unitsInDeadLetters(sale.activityId)).toBe(0);
    expect(await store.decideDeadLetter({ id: first ?? 0, decision: discard })).toEqual({
      kind: 'decided-before',
      decision: 'discarded',
    });
    expect(await lettersOf(sale)).toEqual([]);
    expect(await lettersOf(sale, 'all')).toHaveLength(2);
  });

  it('knows no letter that is none, and writes no text that is no event', async () => {
    const decision = { kind: 'replay', status: null } as const;
    expect(await store.decideDeadLetter({ id: 10 ** 9, decision })).toEqual({ kind: 'unknown' });
    const sale = await openSale(store);
    await store.applyRecords([
      { kind: 'unreadable', text: `{"of":"${sale.activityId}"}`, reason: 'x', position: 'p' },
    ]);
    const all = await store.deadLettersPage({ afterId: 0, limit: 1_000, which: 'undecided' });
    const letter = all.find(({ text }) => text.includes(sale.activityId));
    const id = letter?.id ?? 0;
    expect(await store.decideDeadLetter({ id, decision })).toMatchObject({ kind: 'unwritable' });
    const discard = { id, decision: { kind: 'discard' } } as const;
    expect(await store.decideDeadLetter(discard)).toMatchObject({ kind: 'decided', letters: [id] });
  });

  it('a bad quantity is never sold', async () => {
    const sale = await openSale(store);
    await store.applyRecords([sale.reserved({ seq: 1, n: 1 }, BAD)]);
    const [letter] = await lettersOf(sale);
    const decision = { kind: 'replay', status: 'PENDING' } as const;
    expect(await store.decideDeadLetter({ id: letter?.id ?? 0, decision })).toEqual({
      kind: 'unwritable',
      why: 'quantity is out of range',
    });
  });
});
