import { expect, it } from 'vitest';
import { openThrough } from '../../store/open-in-thread.ts';
import { type StoreThread, startThread } from '../../store/thread-client.ts';
import { openSale, sqliteTarget, termsOf } from './stores.ts';

async function openWatched() {
  const { file } = sqliteTarget();
  const threads: StoreThread[] = [];
  const store = await openThrough(async () => {
    const thread = await startThread(file);
    threads.push(thread);
    return thread;
  });
  return { store, threads };
}

it('answers many calls at once, each with its own', async () => {
  const { store } = await openWatched();
  const sale = await openSale(store);
  const records = Array.from({ length: 50 }, (_, index) =>
    sale.reserved({ seq: index + 1, n: index + 1 }),
  );
  await store.applyRecords(records);
  const found = await Promise.all(records.map((_, index) => store.findOrder(sale.id(index + 1))));
  expect(found.map((row) => row?.seq)).toEqual(records.map((_, index) => index + 1));
  await store.close();
});

it('keeps what kind of failure it was, on the way out of the thread', async () => {
  const { store } = await openWatched();
  const terms = { ...termsOf(), title: 'x'.repeat(300) };
  const insert = store.insertActivity({ activityId: 'too-long', terms, now: 1 });
  await expect(insert).rejects.toThrow('CHECK constraint failed');
  await expect(insert).rejects.not.toHaveProperty('retriable');
  const uncloneable = Object.assign(termsOf(), { title: () => 'x' });
  const refused = store.insertActivity({ activityId: 'x', terms: uncloneable, now: 1 });
  await expect(refused).rejects.toThrow('could not be cloned');
  await store.close();
  await expect(store.ping()).rejects.toMatchObject({ code: 'database-away', retriable: true });
});

it('fails what was asked of a thread that ended, and goes on with another', async () => {
  const { store, threads } = await openWatched();
  const sale = await openSale(store);
  await store.applyRecords([sale.reserved({ seq: 1, n: 1 })]);
  const asked = Array.from({ length: 5 }, () => store.summary(sale.activityId));
  const failed = Promise.allSettled(asked);
  await threads[0]?.terminate();
  for (const end of await failed) {
    if (end.status === 'rejected') expect(end.reason).toMatchObject({ code: 'database-away' });
  }
  expect(await store.summary(sale.activityId)).toMatchObject({ orders: 1 });
  expect(threads).toHaveLength(2);
  await store.close();
  await store.close();
});
