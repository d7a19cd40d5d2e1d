// Relays that die and relays that wake up: in the log and in the database no order twice, none
// lost, none out of order. The log may repeat what an unacknowledged relay had published; what
// counts there is the first time that a number appears.
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest';
import { readWithConsoleConsumer } from '../../../deploy/local/services/console-consumer.ts';
import { openSale, type Sale } from '../order-log/sale.ts';
import { type FullStack, startFullStack } from '../order-log/stacks.ts';
import { type RelayChild, type RelayOrder, startRelayChild } from './relay-child.ts';
import { openShop, type Shop } from './shop.ts';

const SOON = { timeout: 30_000, interval: 20 };
const { redis, kafka } = inject('services');

let stack: FullStack;
let shop: Shop;
beforeAll(async () => {
  stack = await startFullStack();
  shop = await openShop(redis);
});
afterAll(async () => {
  shop.close();
  await stack.close();
});

const children: RelayChild[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) await child.end();
});

function startOne(sale: Sale, afterAppend: RelayOrder['afterAppend'] = 'go-on'): RelayChild {
  const child = startRelayChild({ redis, lanes: [sale], settings: stack.settings, afterAppend });
  children.push(child);
  return child;
}

async function openLoaded(): Promise<Sale> {
  const sale = await openSale(stack.store);
  await shop.load(sale);
  return sale;
}

async function expectExactly(sale: Sale, orders: readonly string[]): Promise<void> {
  const { activityId, skuId } = sale;
  const applied = async () => (await stack.store.findActivity(activityId))?.applied;
  await expect.poll(async () => (await applied())?.seq, SOON).toBe(orders.length);
  expect(await applied()).toMatchObject({ epoch: 1, sold: orders.length, alarm: null });
  const rows = await stack.store.ordersPage({ activityId, afterOrderId: '', limit: 50_000 });
  expect(rows.map(({ orderId }) => orderId)).toEqual(orders.toSorted());
  expect(new Set(rows.map(({ seq }) => seq)).size).toBe(orders.length);

  const logged = (await readLog()).filter((event) => event.skuId === skuId);
  const firsts = [...new Map(logged.map((event) => [event.seq, event.order.orderId]))];
  expect(firsts.map(([seq]) => seq)).toEqual(orders.map((_, index) => index + 1));
  expect(firsts.map(([, orderId]) => orderId)).toEqual(orders);
}

/** All that stands in the log now. */
async function readLog(): Promise<{ skuId: string; seq: number; order: { orderId: string } }[]> {
  const topic = stack.settings.orders.name;
  const admin = new Kafka({ brokers: [kafka.bootstrap], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const partitions = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  const maxMessages = partitions.reduce((sum, { high }) => sum + Number(high), 0);
  const lines = await readWithConsoleConsumer({ bootstrap: kafka.bootstrap, topic, maxMessages });
  expect(lines).toHaveLength(maxMessages);
  return lines.map((line) => JSON.parse(line));
}

test('a relay killed between publishing and deleting loses nothing and doubles nothing', async () => {
  const sale = await openLoaded();
  const orders = await shop.reserve(sale, 60);
  const first = startOne(sale, 'hang');
  await expect.poll(() => first.appended(), SOON).toBe(60);
  expect(await shop.waiting(sale)).toBe(1);
  await first.end();

  orders.push(...(await shop.reserve(sale, 60)));
  startOne(sale);
  await expect.poll(() => shop.waiting(sale), SOON).toBe(0);
  await expectExactly(sale, orders);
});

test('relays killed again and again in the middle of a rush lose and double nothing', async () => {
  const sale = await openLoaded();
  const orders: string[] = [];
  for (let round = 0; round < 5; round += 1) {
    const relay = startOne(sale);
    for (let batch = 0; batch < 40; batch += 1) orders.push(...(await shop.reserve(sale, 25)));
    await expect.poll(() => relay.appended(), SOON).toBeGreaterThan(0);
    await relay.end();
  }
  startOne(sale);
  await expect.poll(() => shop.waiting(sale), SOON).toBe(0);
  await expectExactly(sale, orders);
});

test('two relays at once, one stopped in its sleep and woken, keep order and number', async () => {
  const sale = await openLoaded();
  const orders: string[] = [];
  const sell = async (batches: number) => {
    for (let batch = 0; batch < batches; batch += 1) orders.push(...(await shop.reserve(sale, 25)));
  };
  await sell(20);
  const sleeper = startOne(sale);
  await expect.poll(() => sleeper.appended(), SOON).toBeGreaterThan(0);
  const other = startOne(sale);
  for (let round = 0; round < 6; round += 1) {
    await sell(20);
    sleeper.kill('SIGSTOP');
    const before = other.appended();
    await sell(20);
    await expect.poll(() => other.appended(), SOON).toBeGreaterThan(before);
    sleeper.kill('SIGCONT');
  }
  await expect.poll(() => shop.waiting(sale), SOON).toBe(0);
  await expectExactly(sale, orders);
});
