// What stands in the topics, read with Kafka's own console consumer.
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { readWithConsoleConsumer } from '../../../deploy/local/services/console-consumer.ts';
import { copyDeadLetters } from '../../order-log/kafka/dead-letter-copies.ts';
import { quietLog } from '../quiet-log.ts';
import { createEvents, epochEvent, openSale } from './sale.ts';
import { type FullStack, startFullStack } from './stacks.ts';

const SOON = { timeout: 30_000, interval: 50 };
const { bootstrap } = inject('services').kafka;
const PRINT = { 'print.key': 'true', 'print.headers': 'true', 'print.partition': 'true' };

let stack: FullStack;
beforeAll(async () => {
  stack = await startFullStack();
});
afterAll(() => stack.close());

/** Partition, headers, key and value of each record, in the order of their partitions. */
async function read(topic: string, maxMessages: number) {
  const lines = await readWithConsoleConsumer({ bootstrap, topic, maxMessages, formatter: PRINT });
  return lines.map((line) => {
    const [partition = '', headers = '', key = '', value = ''] = line.split('\t');
    return { partition, headers: headers.split(',').sort(), key, value: JSON.parse(value) };
  });
}

describe('the topic of orders', () => {
  test('has the documented records, a SKU’s in one partition in order', async () => {
    // Of so many not all fall into one partition.
    const sales = await Promise.all(Array.from({ length: 20 }, () => openSale(stack.store)));
    const events = sales.flatMap((sale) => createEvents(sale)(1, 3));
    await stack.orderLog.append(events);
    const [sale] = sales;
    if (sale === undefined) throw new Error('a test without a sale');
    await stack.orderLog.append([epochEvent(sale, 2)]);

    const records = await read(stack.settings.orders.name, events.length + 1);
    const bySku = Map.groupBy(records, ({ key }) => key);
    for (const { skuId } of sales) {
      const mine = bySku.get(skuId) ?? [];
      expect(new Set(mine.map(({ partition }) => partition)).size).toBe(1);
      expect(mine.map(({ value }) => value.seq).slice(0, 3)).toEqual([1, 2, 3]);
    }
    const [first, , , opening] = bySku.get(sale.skuId) ?? [];
    expect(first).toEqual({
      partition: expect.stringMatching(/^Partition:\d$/),
      headers: [`traceparent:00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, 'type:reserved'],
      key: sale.skuId,
      value: events[0]?.event,
    });
    expect(Object.keys(first?.value)).toEqual([
      'version',
      'type',
      'activityId',
      'skuId',
      'epoch',
      'seq',
      'at',
      'order',
    ]);
    expect(Object.keys(first?.value.order)).toEqual([
      'orderId',
      'userId',
      'quantity',
      'amount',
      'currency',
      'status',
      'createdAt',
      'payBy',
    ]);
    expect(opening).toMatchObject({ headers: ['type:epoch'], value: { epoch: 2, seq: 0 } });
    expect(new Set(records.map(({ partition }) => partition)).size).toBeGreaterThan(1);
  });

  test('is created as configured', async () => {
    await stack.orderLog.append([]);
    await stack.orderLog.ping();
    const admin = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    const names = [stack.settings.orders.name, stack.settings.deadLetters.name];
    const { topics } = await admin.fetchTopicMetadata({ topics: names });
    expect(topics.map(({ name, partitions }) => [name, partitions.length]).sort()).toEqual(
      [
        [names[0], 4],
        [names[1], 2],
      ].sort(),
    );
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: names.map((name) => ({ type: 2, name, configNames: ['retention.ms'] })),
    });
    const retention = resources.map(({ resourceName, configEntries }) => [
      resourceName,
      Number(configEntries[0]?.configValue) / 86_400_000,
    ]);
    expect(retention.sort()).toEqual(
      [
        [names[0], 7],
        [names[1], 30],
      ].sort(),
    );
    await admin.disconnect();
  });
});

test('what cannot be read becomes a dead letter, and its copy stands in the topic for them', async () => {
  const sale = await openSale(stack.store);
  const events = createEvents(sale);
  await stack.orderLog.append(events(1, 2));
  const producer = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING }).producer();
  await producer.connect();
  const topic = stack.settings.orders.name;
  await producer.send({ topic, messages: [{ key: sale.skuId, value: '{"version":1' }] });
  await producer.disconnect();
  await stack.orderLog.append(events(3, 4));
  await expect
    .poll(async () => (await stack.store.findActivity(sale.activityId))?.applied.seq, SOON)
    .toBe(4);

  const ended = new AbortController();
  const copying = copyDeadLetters({ ...stack, log: quietLog, signal: ended.signal });
  await expect.poll(() => stack.store.deadLettersToCopy(10), SOON).toEqual([]);
  ended.abort();
  await copying;
  const [letter] = await read(stack.settings.deadLetters.name, 1);
  expect(letter?.value).toMatchObject({
    version: 1,
    text: '{"version":1',
    position: expect.stringMatching(new RegExp(`^${topic}/\\d/\\d+$`)),
  });
});
