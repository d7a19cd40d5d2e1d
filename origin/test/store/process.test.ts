import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { openThrough } from '../../store/open-in-process.ts';
import { openStore } from '../../store/open-store.ts';
import { type StoreProcess, startProcess } from '../../store/process-client.ts';
import { openSale, sqliteTarget, termsOf } from './stores.ts';

async function openWatched() {
  const { file } = sqliteTarget();
  const processes: StoreProcess[] = [];
  const store = await openThrough(async () => {
    const started = await startProcess(file);
    processes.push(started);
    return started;
  });
  return { store, processes };
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

it('keeps what kind of failure it was, on the way out of the process', async () => {
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

it('fails what was asked of a process that ended, and goes on with another', async () => {
  const { store, processes } = await openWatched();
  const sale = await openSale(store);
  await store.applyRecords([sale.reserved({ seq: 1, n: 1 })]);
  const asked = Array.from({ length: 5 }, () => store.summary(sale.activityId));
  const failed = Promise.allSettled(asked);
  await processes[0]?.terminate();
  for (const end of await failed) {
    if (end.status === 'rejected') expect(end.reason).toMatchObject({ code: 'database-away' });
  }
  expect(await store.summary(sale.activityId)).toMatchObject({ orders: 1 });
  expect(processes).toHaveLength(2);
  await store.close();
  await store.close();
});

it('outlives Ctrl-C, which the whole group gets: its parent still has calls to make', async () => {
  const { store, processes } = await openWatched();
  const sale = await openSale(store);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.kill(processes[0]?.pid ?? Number.NaN, signal);
    expect(await store.summary(sale.activityId)).toMatchObject({ orders: 0 });
  }
  expect(processes).toHaveLength(1);
  await store.close();
});

it('does not outlive its parent, which leaves the file to the next one', async () => {
  const { file } = sqliteTarget();
  const script = new URL('./owning-process.ts', import.meta.url).pathname;
  const parent = spawn(process.execPath, [script, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [pid] = await once(createInterface({ input: parent.stdout }), 'line');
  expect(isRunning(Number(pid))).toBe(true);
  parent.kill('SIGKILL');
  await expect.poll(() => isRunning(Number(pid)), { timeout: 10_000 }).toBe(false);
  await (await openStore({ kind: 'sqlite', file })).close();
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
