import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { ApplyResult, LogRecord } from '../store/store.ts';
import { createBatchWriter } from './batch-writer.ts';

const NOTHING: ApplyResult = { persisted: [], deadLetters: 0, stalled: [] };

const record = (activityId: string, seq: number): LogRecord => ({
  kind: 'event',
  position: `outbox/1-${seq}`,
  event: {
    ...{ version: 1, type: 'reserved', activityId, skuId: activityId, epoch: 1, seq, at: 0 },
    order: {
      ...{ orderId: `${activityId}-${seq}`, userId: 'u', quantity: 1, amount: 1, currency: 'USD' },
      ...{ status: 'PENDING', createdAt: 0, payBy: 0 },
    },
  },
});
const records = (activityId: string, count: number, from = 1): LogRecord[] =>
  Array.from({ length: count }, (_, index) => record(activityId, from + index));
const orderIdOf = (one: LogRecord) =>
  one.kind === 'event' ? (one.event.order?.orderId ?? '') : '';

/** A database that answers when it is told to. */
function manualDatabase() {
  const batches: { records: readonly LogRecord[]; done: PromiseWithResolvers<ApplyResult> }[] = [];
  const apply = (batch: readonly LogRecord[]) => {
    const done = Promise.withResolvers<ApplyResult>();
    batches.push({ records: batch, done });
    return done.promise;
  };
  const commit = (index: number) =>
    batches[index]?.done.resolve({
      ...NOTHING,
      persisted: batches[index].records.map(orderIdOf),
    });
  return { batches, apply, commit };
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 5000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('the condition did not come true');
    await turn();
  }
}

describe('the batch writer', () => {
  it('writes one hundred rows at once', async () => {
    const { batches, apply, commit } = manualDatabase();
    const writer = createBatchWriter({ apply, maxWaitMs: 60_000 });
    const one = writer.write(records('a', 60));
    const two = writer.write(records('b', 60));
    expect(batches.map((batch) => batch.records.length)).toEqual([100]);
    commit(0);
    expect((await one).persisted).toHaveLength(60);
    const closing = writer.close();
    await until(() => batches.length === 2);
    commit(1);
    expect((await two).persisted).toEqual(records('b', 60).map(orderIdOf));
    await closing;
  });

  it('lets few rows wait no longer than told', async () => {
    const sizes: number[] = [];
    const apply = async (batch: readonly LogRecord[]) => {
      sizes.push(batch.length);
      return NOTHING;
    };
    const writer = createBatchWriter({ apply, maxWaitMs: 20 });
    const startedAt = performance.now();
    await Promise.all([writer.write(records('a', 1)), writer.write(records('b', 2))]);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(19);
    expect(sizes).toEqual([3]);
    await writer.close();
  });

  it('takes a thousand rows at once while it lags, one transaction at a time', async () => {
    const { batches, apply, commit } = manualDatabase();
    const writer = createBatchWriter({ apply });
    const all = writer.write(records('a', 2150));
    const sizes = [1000, 1000, 100, 50];
    for (const [index, size] of sizes.entries()) {
      await until(() => batches.length === index + 1);
      expect(batches[index]?.records).toHaveLength(size);
      expect(batches).toHaveLength(index + 1);
      commit(index);
    }
    expect((await all).persisted).toEqual(records('a', 2150).map(orderIdOf));
    await writer.close();
  });

  it('rejects everything behind a failure, so that nothing overtakes it', async () => {
    const { batches, apply, commit } = manualDatabase();
    const writer = createBatchWriter({ apply, maxRows: 10 });
    const writes = [
      writer.write(records('a', 15)),
      writer.write(records('a', 15, 16)),
      writer.write(records('b', 5)),
    ];
    batches[0]?.done.reject(new Error('away'));
    const ends = await Promise.allSettled(writes);
    expect(ends.map((end) => end.status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(writer.bufferedRows()).toBe(0);
    const again = writer.write(records('a', 10));
    await until(() => batches.length === 2);
    commit(1);
    expect((await again).persisted).toHaveLength(10);
    await writer.close();
  });

  it('tells each caller of its own activities only', async () => {
    const apply = async () => ({ persisted: ['a-1', 'b-1'], deadLetters: 0, stalled: ['b'] });
    const writer = createBatchWriter({ apply, maxRows: 2 });
    const [a, b] = await Promise.all([
      writer.write(records('a', 1)),
      writer.write(records('b', 1)),
    ]);
    expect(a).toEqual({ persisted: ['a-1'], deadLetters: 0, stalled: [] });
    expect(b).toEqual({ persisted: ['b-1'], deadLetters: 0, stalled: ['b'] });
    await writer.close();
  });

  it('refuses what its buffer cannot hold', async () => {
    const { batches, apply, commit } = manualDatabase();
    const writer = createBatchWriter({ apply, maxRows: 10, maxBufferedRows: 20 });
    const first = writer.write(records('a', 10));
    const second = writer.write(records('a', 20, 11));
    await expect(writer.write(records('b', 1))).rejects.toMatchObject({ retriable: true });
    for (const index of [0, 1, 2]) {
      await until(() => batches.length === index + 1);
      commit(index);
    }
    await Promise.all([first, second]);
    await writer.close();
  });

  it('writes what it has when it closes, and takes no more', async () => {
    const { batches, apply, commit } = manualDatabase();
    const writer = createBatchWriter({ apply, maxWaitMs: 60_000 });
    const last = writer.write(records('a', 3));
    const closing = writer.close();
    await expect(writer.write(records('a', 1, 4))).rejects.toThrow('closed');
    expect(batches).toHaveLength(1);
    commit(0);
    await closing;
    expect((await last).persisted).toHaveLength(3);
  });
});
