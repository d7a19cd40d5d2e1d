// The same purchases on the full stack: Kafka, MariaDB, etcd and Redis, each for real.
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { readRows } from '../demo/evidence.ts';
import { readWithConsoleConsumer } from '../local/services/console-consumer.ts';
import { createDatabase } from '../local/services/database.ts';
import { makeSecrets } from '../stack/secrets.ts';
import { type Stack, startStack } from '../stack/stack.ts';
import { itIsManagedAsPromised } from './activities-contract.ts';
import { buy, openSale, tokenOf, until } from './client.ts';
import { itIsPaidAsPromised } from './payment-contract.ts';
import { itSellsAsPromised } from './purchase-contract.ts';
import { freshName } from './send.ts';

const { mysql: server, kafka, etcd } = inject('services');
const ordersTopic = freshName('orders');
const secrets = makeSecrets();
let stack: Stack;

beforeAll(async () => {
  const mysql = { ...server, database: await createDatabase(server) };
  stack = await startStack({
    kind: 'full',
    dir: join(inject('scratchDir'), freshName('full')),
    secrets,
    places: { mysql, kafka, etcd },
    names: {
      ordersTopic,
      dlqTopic: freshName('dlq'),
      consumerGroup: freshName('writer'),
      etcdPrefix: `/${freshName('flash')}/`,
    },
  });
});
afterAll(() => stack?.stop());

describe('the full stack', () => itSellsAsPromised(() => stack));

describe('orders of the full stack', () => itIsPaidAsPromised(() => stack, secrets.webhook));

describe('activities on the full stack', () => itIsManagedAsPromised(() => stack));

/** Of all partitions, up to this moment. */
async function countRecords(): Promise<number> {
  const client = new Kafka({ brokers: [kafka.bootstrap], logLevel: logLevel.ERROR });
  const admin = client.admin();
  await admin.connect();
  const offsets = await admin.fetchTopicOffsets(ordersTopic);
  await admin.disconnect();
  return offsets.reduce((sum, { high }) => sum + Number(high), 0);
}

test("a record in Kafka has the documented form, says Kafka's own consumer", async () => {
  const { edge, database } = stack;
  const sale = await openSale(edge);
  const userId = freshName('buyer');
  const token = await tokenOf(edge, userId);
  const { body } = await buy({ edge, skuId: sale.skuId, token });
  const [row] = await until(async () => {
    const rows = await readRows(database, String(sale.activityId));
    return rows.length > 0 ? rows : undefined;
  });
  expect(row).toMatchObject({ order_id: body.orderId, user_id: userId, status: 'PENDING' });

  const lines = await readWithConsoleConsumer({
    bootstrap: kafka.bootstrap,
    topic: ordersTopic,
    maxMessages: await countRecords(),
    timeoutMs: 30_000,
    formatter: { 'print.key': 'true', 'print.headers': 'true', 'key.separator': '|' },
  });
  const line = lines.find((text) => text.includes(String(body.orderId)));
  const [headers, key, value = ''] = (line ?? '').split('|');
  expect(headers).toContain('type:reserved');
  expect(key).toBe(sale.skuId);
  expect(JSON.parse(value)).toEqual({
    version: 1,
    type: 'reserved',
    activityId: sale.activityId,
    skuId: sale.skuId,
    epoch: 1,
    seq: 1,
    at: expect.any(Number),
    order: {
      orderId: body.orderId,
      userId,
      quantity: 1,
      amount: 1_250,
      currency: 'USD',
      status: 'PENDING',
      createdAt: expect.any(Number),
      payBy: Date.parse(String(body.payBy)),
    },
  });
});
