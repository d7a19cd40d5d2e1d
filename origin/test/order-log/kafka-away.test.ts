// Kafka or the database goes away and comes back: nothing is lost, and work resumes by itself.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { startKafka } from '../../../deploy/local/services/kafka.ts';
import { credentials, startMariadb } from '../../../deploy/local/services/mariadb.ts';
import type { Service } from '../../../deploy/local/services/service.ts';
import { startKafkaConsumer } from '../../order-log/kafka/consumer.ts';
import { quietLog } from '../quiet-log.ts';
import { createEvents, openSale, type Sale } from './sale.ts';
import { type Stack, startFullStack } from './stacks.ts';

const SOON = { timeout: 40_000, interval: 50 };

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const ownDir = (name: string) => join(inject('scratchDir'), `${name}-${randomUUID()}`);

async function startStack(places: Parameters<typeof startFullStack>[0]) {
  const stack = await startFullStack(places);
  ends.push(() => stack.close());
  return stack;
}
const appliedOf = async ({ store }: Stack, { activityId }: Sale) =>
  (await store.findActivity(activityId))?.applied;

describe('Kafka away', () => {
  const dir = ownDir('kafka');
  let kafka: Service;
  // A Kafka of its own takes its time to start.
  beforeAll(async () => {
    kafka = await startKafka({ dir });
  });
  afterAll(() => kafka.stop());

  test('appends are refused in time, and taken again when it is back', async () => {
    const { port } = kafka;
    const stack = await startStack({ bootstrap: `127.0.0.1:${port}` });
    const sale = await openSale(stack.store);
    const events = createEvents(sale);
    await stack.orderLog.append(events(1, 50));
    await expect.poll(async () => (await appliedOf(stack, sale))?.seq, SOON).toBe(50);

    await kafka.stop();
    const away = { name: 'InfrastructureError', code: 'order-log-away', retriable: true };
    await expect(stack.orderLog.append(events(51, 90))).rejects.toMatchObject(away);
    await expect(stack.orderLog.ping()).rejects.toMatchObject(away);

    kafka = await startKafka({ dir, port });
    const append = () => stack.orderLog.append(events(51, 90)).then(() => 'taken', String);
    await expect.poll(append, SOON).toBe('taken');
    await expect.poll(async () => (await appliedOf(stack, sale))?.seq, SOON).toBe(90);
    expect(await appliedOf(stack, sale)).toMatchObject({ sold: 90, alarm: null });
  });
});

test('the database away: records wait in the log and are written when it is back', async () => {
  const dir = ownDir('mariadb');
  let mariadb: Service = await startMariadb({ dir });
  ends.push(() => mariadb.stop());
  const { host, port } = mariadb;
  const stack = await startStack({ mysql: { host, port, ...credentials } });
  const sale = await openSale(stack.store);
  const events = createEvents(sale);
  await stack.orderLog.append(events(1, 50));
  await expect.poll(async () => (await appliedOf(stack, sale))?.seq, SOON).toBe(50);

  await mariadb.stop();
  await stack.orderLog.append(events(51, 400));
  await expect.poll(() => stack.refusedWrites(), SOON).toBeGreaterThan(2);
  mariadb = await startMariadb({ dir, port });
  await expect
    .poll(async () => await appliedOf(stack, sale).catch(() => 'away'), SOON)
    .toMatchObject({ seq: 400, sold: 400, alarm: null });
  await expect.poll(() => stack.lag(), SOON).toBe(0);
});

test('consumers that come and go share the partitions and write everything once', async () => {
  const stack = await startStack({});
  const sales = await Promise.all([1, 2, 3, 4, 5, 6].map(() => openSale(stack.store)));
  const lanes = sales.map((sale) => createEvents(sale));
  for (let round = 0; round < 6; round += 1) {
    const second = startKafkaConsumer({
      settings: stack.settings,
      write: stack.store.applyRecords,
      log: quietLog,
    });
    const [from, to] = [round * 100 + 1, round * 100 + 100];
    await stack.orderLog.append(lanes.flatMap((events) => events(from, to)));
    const [first] = sales;
    if (first === undefined) throw new Error('a test without a sale');
    await expect.poll(async () => (await appliedOf(stack, first))?.seq, SOON).toBe(to);
    await second.close();
  }
  for (const sale of sales) {
    await expect.poll(async () => (await appliedOf(stack, sale))?.seq, SOON).toBe(600);
    expect(await stack.store.summary(sale.activityId)).toMatchObject({ orders: 600, sold: 600 });
    expect(await appliedOf(stack, sale)).toMatchObject({ alarm: null });
  }
});
