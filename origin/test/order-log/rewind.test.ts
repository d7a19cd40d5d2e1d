// The order log read beside its writers, and the writers set back to its oldest record.
import { expect, it, vi } from 'vitest';
import { startKafkaConsumer } from '../../order-log/kafka/consumer.ts';
import { readOrderLog } from '../../order-log/kafka/read-order-log.ts';
import { rewindWriters, writersState } from '../../order-log/kafka/rewind-writers.ts';
import type { LogRecord } from '../../store/store.ts';
import { quietLog } from '../quiet-log.ts';
import { createEvents, openSale } from './sale.ts';
import { startFullStack } from './stacks.ts';

const EVENTS = 120;
const WITHIN = { timeout: 30_000, interval: 50 };
const numbersOf = (records: readonly LogRecord[]) =>
  records.map((record) => (record.kind === 'event' ? record.event.seq : 0));

it('is read whole while writers run; they go back only when none does, and read all again', async () => {
  const stack = await startFullStack();
  const { settings } = stack;
  const sale = await openSale(stack.store);
  await stack.orderLog.append(createEvents(sale)(1, EVENTS));
  await vi.waitFor(async () => {
    expect((await stack.store.findActivity(sale.activityId))?.applied.seq).toBe(EVENTS);
  }, WITHIN);

  const read: LogRecord[] = [];
  const options = { settings, log: quietLog };
  const onRecord = ({ record, isWhole }: { record: LogRecord; isWhole: boolean }) => {
    expect(isWhole).toBe(true);
    read.push(record);
  };
  expect(await readOrderLog({ ...options, onRecord })).toEqual({ records: EVENTS });
  const all = Array.from({ length: EVENTS }, (_none, n) => n + 1);
  expect(numbersOf(read)).toEqual(all);

  expect(await rewindWriters(settings, quietLog)).toMatchObject({ kind: 'group-running' });
  await stack.close();
  await vi.waitFor(async () => expect(await writersState(settings, quietLog)).toBe('idle'), WITHIN);
  for (let repeat = 0; repeat < 2; repeat += 1) {
    expect(await rewindWriters(settings, quietLog)).toEqual({ kind: 'rewound', partitions: 4 });
  }
  const again: LogRecord[] = [];
  const consumer = startKafkaConsumer({
    ...options,
    write: async (records) => {
      again.push(...records);
      return { persisted: [], deadLetters: 0, stalled: [] };
    },
  });
  await vi.waitFor(() => expect(numbersOf(again)).toEqual(all), WITHIN);
  await consumer.close();
});
