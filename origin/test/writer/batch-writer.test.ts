// The batch writer on the databases themselves: many sources at once, a failure in between.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InfrastructureError } from '../../infrastructure-error.ts';
import type { LogRecord, Store } from '../../store/store.ts';
import { createBatchWriter } from '../../writer/batch-writer.ts';
import { DATABASES, openSale } from '../store/stores.ts';

const away = () => new InfrastructureError('database-away', 'the answer was lost');

describe.each(DATABASES)('the batch writer on $name', ({ open }) => {
  let store: Store;
  beforeAll(async () => {
    store = await open();
  });
  afterAll(() => store.close());

  it('keeps the order of every source and writes all of them in few transactions', async () => {
    const sales = await Promise.all(Array.from({ length: 8 }, () => openSale(store)));
    const rows: number[] = [];
    const writer = createBatchWriter({
      apply: store.applyRecords,
      onBatch: (batch) => rows.push(batch.rows),
    });
    await Promise.all(
      sales.map(async (sale) => {
        for (let seq = 1; seq <= 91; seq += 10) {
          const records = Array.from({ length: 10 }, (_, index) =>
            sale.reserved({ seq: seq + index, n: seq + index }),
          );
          const result = await writer.write(records);
          expect(result.persisted).toHaveLength(10);
          expect(result.stalled).toEqual([]);
        }
      }),
    );
    await writer.close();
    expect(rows.reduce((sum, one) => sum + one, 0)).toBe(800);
    expect(rows.length).toBeLessThan(80);
    for (const { activityId } of sales) {
      const found = await store.findActivity(activityId);
      expect(found?.applied).toMatchObject({ seq: 100, sold: 100, alarmEpoch: 0 });
    }
  });

  it('loses and doubles nothing when answers are lost before or after the commit', async () => {
    const sale = await openSale(store);
    const faults = ['before', 'none', 'after', 'none', 'none', 'before', 'after', 'none'];
    const apply = async (records: readonly LogRecord[]) => {
      const fault = faults.shift();
      if (fault === 'before') throw away();
      const result = await store.applyRecords(records);
      if (fault === 'after') throw away();
      return result;
    };
    const writer = createBatchWriter({ apply, maxRows: 10, laggingRows: 10 });
    const records = Array.from({ length: 60 }, (_, index) =>
      sale.reserved({ seq: index + 1, n: index + 1 }),
    );
    for (let attempt = 1; attempt <= 4; attempt += 1) {
      await expect(writer.write(records)).rejects.toBeInstanceOf(InfrastructureError);
    }
    expect(await writer.write(records)).toMatchObject({ deadLetters: 0, stalled: [] });
    await writer.close();
    const summary = await store.summary(sale.activityId);
    expect(summary).toMatchObject({ orders: 60, sold: 60, deadLetters: 0 });
    const found = await store.findActivity(sale.activityId);
    expect(found?.applied).toMatchObject({ seq: 60, sold: 60, alarmEpoch: 0 });
  });
});
