import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../../store/store.ts';
import { DATABASES, openSale } from './stores.ts';

const PAST = { startAt: 2_000, endAt: 3_000 };

describe.each(DATABASES)('forgetting a user on $name', ({ open }) => {
  let store: Store;
  beforeAll(async () => {
    store = await open();
  });
  afterAll(() => store.close());

  /** A sale in which `ada` bought twice and `bob` once; all paid. */
  async function sold() {
    const sale = await openSale(store, PAST);
    const { activityId } = sale;
    const users = ['ada', 'bob', 'ada'];
    const bought = users.map((userId, at) => sale.reserved({ seq: at + 1, n: at + 1 }, { userId }));
    const paid = users.map((_, at) => sale.paid({ seq: at + 4, n: at + 1 }));
    await store.applyRecords([...bought, ...paid]);
    return { ...sale, end: () => close(activityId) };
  }
  async function close(activityId: string): Promise<void> {
    const closing = await store.beginClosing({ activityId, epoch: 1, seq: 6, now: 10_000 });
    expect(closing.kind).toBe('closing');
    await store.markClosed({ activityId, now: 10_000 });
  }
  const forget = (pseudonym: string, limit = 10) =>
    store.forgetUser({ userId: 'ada', pseudonym, limit, actor: 'operator', now: 11_000 });
  const ownerOf = async (orderId: string) => (await store.findOrder(orderId))?.userId;

  it('takes the name off orders of closed activities, step by step, and off no other', async () => {
    const [closed, live] = [await sold(), await sold()];
    await closed.end();
    expect(await forget('x', 1)).toBe(1);
    expect(await forget('y', 1)).toBe(1);
    expect(await forget('z', 1)).toBe(0);
    const owners = await Promise.all([1, 2, 3].map((n) => ownerOf(closed.id(n))));
    expect(owners.sort()).toEqual(['bob', 'x', 'y']);
    expect(await ownerOf(live.id(1))).toBe('ada');
    expect(await store.activityHistory(closed.activityId)).toMatchObject([
      ...[{ action: 'create' }, { action: 'close' }],
      ...[
        { action: 'forget', actor: 'operator', diff: { orders: [0, 1] } },
        { action: 'forget', actor: 'operator', diff: { orders: [0, 1] } },
      ],
    ]);
    await live.end();
    expect(await forget('w')).toBe(2);
    expect(await ownerOf(live.id(1))).toBe('w');
  });
});
