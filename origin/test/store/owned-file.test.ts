import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, it } from 'vitest';
import { openReadOnly } from '../../store/open-read-only.ts';
import { openStore } from '../../store/open-store.ts';
import type { Store } from '../../store/store.ts';
import { recordsOf } from './sale-records.ts';
import { openOnceFree, openSale, type Sale, sqliteTarget } from './stores.ts';

const children: ChildProcess[] = [];
const stores: Pick<Store, 'close'>[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await Promise.all(stores.splice(0).map((store) => store.close()));
});

async function open(target = sqliteTarget()) {
  const store = await openStore(target);
  stores.push(store);
  return { store, file: target.file };
}

/** Starts the other process; answers how to wait for a committed number. */
function writeElsewhere(file: string, { activityId, skuId }: Sale, rows = 100) {
  const script = new URL('./writing-process.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [script, file, activityId, skuId, String(rows)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  // Behind the last of its output, which its exit may overtake.
  const exit = once(child, 'close');
  const committed: number[] = [];
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => committed.push(Number(line)));
  return { child, committed, lines, exit };
}

describe('the SQLite file', () => {
  it('has one owner: another process is told so, and a second opening of the same one', async () => {
    const { store, file } = await open();
    const sale = await openSale(store);
    await expect(openStore({ kind: 'sqlite', file })).rejects.toThrow('owned by another process');
    const { child, exit } = writeElsewhere(file, sale);
    let words = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
      words += text;
    });
    expect((await exit)[0]).toBe(1);
    expect(words).toContain('owned by another process');
    expect(await store.findActivity(sale.activityId)).toMatchObject({ applied: { seq: 0 } });
  });

  it('can be owned again once its owner has closed it', async () => {
    const { store, file } = await open();
    await store.close();
    const again = await openStore({ kind: 'sqlite', file });
    await again.ping();
    await again.close();
    await expect(again.ping()).rejects.toMatchObject({ code: 'database-away' });
  });

  it('is read by others while its owner writes, and changed by none of them', async () => {
    const { store, file } = await open();
    const sale = await openSale(store);
    const reader = await openReadOnly(file);
    stores.push(reader);
    expect(await reader.summary(sale.activityId)).toMatchObject({ orders: 0 });
    await store.applyRecords([sale.reserved({ seq: 1, n: 1 })]);
    expect(await reader.summary(sale.activityId)).toMatchObject({ orders: 1, sold: 1 });
    expect(await reader.findOrder(sale.id(1))).toMatchObject({ status: 'PENDING' });
    expect(Object.keys(reader)).not.toContain('applyRecords');
    await expect(openReadOnly(`${file}.none`)).rejects.toThrow('does not exist');
  });

  it('syncs each commit to the disk, and keeps a log beside it', async () => {
    const { store, file } = await open();
    await openSale(store);
    const database = new DatabaseSync(file, { readOnly: true });
    expect(database.prepare('pragma journal_mode').get()).toEqual({ journal_mode: 'wal' });
    database.close();
  });

  it('is whole after its owner was killed in mid-batch: all or nothing, and nothing lost', async () => {
    const { store, file } = await open();
    const sale = await openSale(store, { stock: 1_000_000 });
    await store.close();
    const { activityId } = sale;
    for (const killAfter of [1, 3, 4]) {
      const { child, committed, lines, exit } = writeElsewhere(file, sale, 250);
      while (committed.length < killAfter) await once(lines, 'line');
      child.kill('SIGKILL');
      await exit;
      const reopened = await openOnceFree(file);
      const { seq = -1, sold } = (await reopened.findActivity(activityId))?.applied ?? {};
      expect(seq).toBeGreaterThanOrEqual(committed.at(-1) ?? 0);
      expect(seq % 250).toBe(0);
      expect(sold).toBe(seq);
      const summary = await reopened.summary(activityId);
      expect(summary).toMatchObject({ orders: seq, sold: seq, deadLetters: 0 });
      const repeat = recordsOf(sale).reserved({ seq, n: seq });
      expect((await reopened.applyRecords([repeat])).persisted).toEqual([]);
      await reopened.close();
    }
  });
});
