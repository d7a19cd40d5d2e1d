// The harness itself: what the other tests and `npm run up` build on.
import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { expect, inject, onTestFinished, test } from 'vitest';
import { untilKnown } from '../../origin/order-log/kafka/topics.ts';
import { readWithConsoleConsumer } from '../local/services/console-consumer.ts';
import { createDatabase, withDatabase } from '../local/services/database.ts';
import { freePort, preferPort } from '../local/services/ports.ts';
import { runningIn } from '../local/services/process.ts';
import { startRedis } from '../local/services/redis.ts';
import { askDatabase, askEtcd, askKafka, askRedis } from '../local/services/requests.ts';
import { launch } from '../local/services/service.ts';

const { redis, mysql, kafka, etcd } = inject('services');

function freshDir(): string {
  mkdirSync(inject('scratchDir'), { recursive: true });
  return mkdtempSync(join(inject('scratchDir'), 'harness-'));
}

test('each service of the run answers a real request', async () => {
  await askRedis(redis);
  await askDatabase(mysql);
  await askKafka(kafka.bootstrap);
  await askEtcd(etcd.endpoints);
});

test('a request to a port where nobody listens is refused', async () => {
  const port = await freePort();
  const host = '127.0.0.1';
  await expect(askRedis({ host, port })).rejects.toThrow('ECONNREFUSED');
  await expect(askDatabase({ ...mysql, port })).rejects.toThrow();
  await expect(askKafka(`${host}:${port}`)).rejects.toThrow('ECONNREFUSED');
  await expect(askEtcd(`http://${host}:${port}`)).rejects.toThrow('no answer');
});

test('each test file gets an empty database of its own', async () => {
  const [first, second] = [await createDatabase(mysql), await createDatabase(mysql)];
  expect(first).not.toBe(second);
  await withDatabase({ ...mysql, database: first }, async (execute) => {
    await execute('create table row_of_mine (id int)');
    expect(await execute('show tables')).toHaveLength(1);
  });
  await withDatabase({ ...mysql, database: second }, async (execute) => {
    expect(await execute('show tables')).toHaveLength(0);
  });
});

test('the database commits to disk and reads what is committed', async () => {
  const names = "'innodb_flush_log_at_trx_commit', 'tx_isolation', 'transaction_isolation'";
  const rows = await withDatabase(mysql, (execute) =>
    execute(`show variables where variable_name in (${names})`),
  );
  const values = JSON.stringify(rows);
  expect(values).toContain('"innodb_flush_log_at_trx_commit","Value":"1"');
  expect(values).toContain('READ-COMMITTED');
});

test('a killed redis goes on from its data when started again', async () => {
  const dir = freshDir();
  const first = await startRedis({ dir });
  const client = new Redis({
    host: first.host,
    port: first.port,
    protocol: 2,
    maxRetriesPerRequest: 0,
  });
  client.on('error', (error) => expect(error).toBeInstanceOf(Error));
  await client.set('kept', 'yes');
  client.disconnect();
  first.kill('SIGKILL');
  await first.stop();
  expect(runningIn(dir)).toBeUndefined();

  const second = await startRedis({ dir });
  onTestFinished(() => second.stop());
  expect(runningIn(dir)?.pid).toBe(second.pid);
  const again = new Redis({ host: second.host, port: second.port, protocol: 2 });
  onTestFinished(() => again.disconnect());
  expect(await again.get('kept')).toBe('yes');
  expect(await again.config('GET', 'maxmemory-policy')).toContain('noeviction');
});

test('a service that ends while starting says so with its last lines', async () => {
  const starting = startRedis({ dir: freshDir(), args: ['--no-such-setting', '1'] });
  await expect(starting).rejects.toThrow(/ended while starting.*no-such-setting/s);
});

test('a port that another server answers on is not taken for the new one', async () => {
  const starting = startRedis({ dir: freshDir(), port: redis.port });
  await expect(starting).rejects.toThrow(`port ${redis.port} is taken`);
});

test('a service that stays silent is ended at the deadline', async () => {
  const dir = freshDir();
  const log = join(dir, 'silent.log');
  const starting = launch({
    name: 'silent',
    dir,
    port: await freePort(),
    command: process.execPath,
    args: ['-e', 'console.log("waiting"); setInterval(() => {}, 1000)'],
    // It runs by now, and answers nothing.
    request: async () => {
      await expect.poll(() => readFileSync(log, 'utf8')).toContain('waiting');
      throw new Error('not yet');
    },
    readyWithinMs: 500,
  });
  await expect(starting).rejects.toThrow('no answer within 500 ms');
  expect(runningIn(dir)).toBeUndefined();
});

test('a taken port is not preferred', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await expect.poll(() => server.listening).toBe(true);
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  expect(await preferPort(port)).not.toBe(port);
});

test("a record is read back with Kafka's own console consumer", async () => {
  const topic = 'harness-read-back';
  const client = new Kafka({ brokers: [kafka.bootstrap], logLevel: logLevel.ERROR });
  const admin = client.admin();
  await admin.createTopics({ topics: [{ topic, numPartitions: 3 }], waitForLeaders: false });
  await untilKnown(admin, [topic]);
  await admin.disconnect();
  const producer = client.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  await producer.send({ topic, messages: [{ key: 'k', value: '{"n":1}', headers: { v: '1' } }] });
  await producer.disconnect();
  const lines = await readWithConsoleConsumer({
    bootstrap: kafka.bootstrap,
    topic,
    maxMessages: 1,
    formatter: { 'print.key': 'true', 'print.headers': 'true', 'key.separator': '|' },
  });
  expect(lines).toEqual(['v:1|k|{"n":1}']);
});
