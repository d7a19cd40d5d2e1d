// `config`: what is in force, and whether the services are set up as promised.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { withDatabase } from '../../../deploy/local/services/database.ts';
import { credentials, startMariadb } from '../../../deploy/local/services/mariadb.ts';
import { freePort } from '../../../deploy/local/services/ports.ts';
import { parseConfig } from '../../config.ts';
import { kafkaClient } from '../../order-log/kafka/client.ts';
import { kafkaSettings } from '../../order-log/kafka/settings.ts';
import { createMissingTopics } from '../../order-log/kafka/topics.ts';
import { quietLog } from '../quiet-log.ts';
import { startOwnRedis } from '../redis/own-redis.ts';
import { runCli } from './run-cli.ts';

const { redis, mysql, kafka, etcd } = inject('services');
const place = { REDIS_HOST: redis.host, REDIS_PORT: String(redis.port) };
const full = {
  ...place,
  STACK: 'full',
  MYSQL_HOST: mysql.host,
  MYSQL_PORT: String(mysql.port),
  MYSQL_USER: mysql.user,
  MYSQL_PASSWORD: mysql.password,
  MYSQL_DATABASE: mysql.database,
  KAFKA_BOOTSTRAP_SERVERS: kafka.bootstrap,
  ETCD_ENDPOINTS: etcd.endpoints,
};
type Service = { name: string; status: string; faults: string[] };

async function check(env: Record<string, string>, ...flags: string[]) {
  const { code, stdout } = await runCli(['config', 'check', '--json', ...flags], env);
  const { settings, services }: { settings: Record<string, unknown>; services: Service[] } =
    JSON.parse(stdout);
  const of = (name: string) => services.find((service) => service.name === name);
  return { code, settings, of, stdout };
}

it('asks every service of the full stack', async () => {
  const topics = { KAFKA_ORDERS_TOPIC: randomUUID(), KAFKA_DLQ_TOPIC: randomUUID() };
  const { code, of, stdout } = await check({ ...full, ...topics }, '--all');
  for (const name of ['redis', 'edgeRedis', 'database', 'orderLog', 'etcd']) {
    expect(of(name), stdout).toMatchObject({ status: 'as promised' });
  }
  expect(code).toBe(0);
});

it('finds topics that are others than configured', async () => {
  const [orders, dlq] = [randomUUID(), randomUUID()];
  const topics = { KAFKA_ORDERS_TOPIC: orders, KAFKA_DLQ_TOPIC: dlq, KAFKA_ORDERS_PARTITIONS: '3' };
  const parsed = parseConfig({ PROFILE: 'testing', ...full, ...topics });
  if (parsed.kind === 'faults') throw new Error(parsed.faults.join());
  const settings = kafkaSettings(parsed.config);
  await createMissingTopics(kafkaClient(settings, quietLog), settings, quietLog);
  expect((await check({ ...full, ...topics })).of('orderLog')?.faults).toEqual([]);
  const other = { ...topics, KAFKA_ORDERS_PARTITIONS: '5', KAFKA_REPLICATION_FACTOR: '3' };
  const { code, of } = await check({ ...full, ...other });
  expect([code, of('orderLog')?.faults]).toEqual([
    1,
    [
      `${orders} has 3 partitions, configured are 5`,
      `${orders} has 1 replicas, configured are 3`,
      `${orders}: min.insync.replicas is 1, it must be 2`,
      `${dlq} has 1 replicas, configured are 3`,
      `${dlq}: min.insync.replicas is 1, it must be 2`,
    ],
  ]);
});

it('finds a database that may lose what it has committed', async () => {
  const server = await startMariadb({ dir: join(inject('scratchDir'), randomUUID()) });
  try {
    const { host, port } = server;
    await withDatabase({ ...credentials, host, port }, (execute) =>
      execute('set global innodb_flush_log_at_trx_commit = 2'),
    );
    const { database, user, password } = credentials;
    const env = { MYSQL_HOST: host, MYSQL_PORT: String(port), MYSQL_DATABASE: database };
    const own = { ...full, ...env, MYSQL_USER: user, MYSQL_PASSWORD: password };
    const { code, of } = await check(own);
    expect([code, of('database')]).toMatchObject([
      ...[
        1,
        { status: 'not as promised', faults: [expect.stringContaining('is 2, it must be 1')] },
      ],
    ]);
  } finally {
    await server.stop();
  }
});

it('masks secrets', async () => {
  const secret = 'a-secret-that-nobody-may-read';
  const { stdout, settings } = await check({ ...place, RECEIPT_SECRET: secret }, '--offline');
  expect(settings.RECEIPT_SECRET).toBe('********');
  expect(stdout).not.toContain(secret);
  expect(stdout).not.toContain('local-development');
});

it('finds a Redis that promises less, and one that is not there', async () => {
  const own = await startOwnRedis();
  try {
    const weak = { REDIS_HOST: own.host, REDIS_PORT: String(own.port), PROFILE: 'local' };
    const found = await check(weak);
    expect(found.code).toBe(1);
    expect(found.of('redis')?.faults.join()).toContain('appendfsync is everysec');
    const replicas = await check({ ...weak, REDIS_DURABILITY: 'wait:1' });
    expect(replicas.of('redis')?.faults.join()).toContain('0 replicas');
  } finally {
    await own.stop();
  }
  const nobody = {
    ...place,
    EDGE_REDIS_HOST: '127.0.0.1',
    EDGE_REDIS_PORT: String(await freePort()),
  };
  const away = await check(nobody);
  expect([away.code, away.of('edgeRedis')?.status]).toEqual([0, 'not reachable']);
  expect((await check(nobody, '--all')).code).toBe(1);
});

describe.each([
  ['a file', { LIVE_SETTINGS_FILE: join(inject('scratchDir'), randomUUID(), 'config.json') }],
  ['etcd', { ...full, ETCD_PREFIX: `/test-${randomUUID()}/` }],
])('live settings in %s', (_, env) => {
  const config = (...args: string[]) => runCli(['config', ...args], env);

  it('are set, shown and given back', async () => {
    expect((await config('get', 'selling')).stdout).toBe('selling="on"  default\n');
    expect((await config('set', 'selling', 'off')).stdout).toBe('selling="off"\n');
    const listed = JSON.parse((await config('list', '--json')).stdout);
    expect(listed[0]).toEqual({ name: 'selling', value: 'off', isDefault: false });
    await config('set', 'selling');
    expect((await config('get', 'selling')).stdout).toBe('selling="on"  default\n');
  });

  it('are refused where they are none', async () => {
    const refused = await config('set', 'selling', 'perhaps');
    expect(refused).toMatchObject({ code: 1, stderr: 'selling must be on or off\n' });
    expect((await config('set', 'unknown', '1')).code).toBe(2);
    const typo = await config('set', 'weights', '{"burst":60,"burzt":60}');
    expect(typo).toMatchObject({ code: 1, stderr: expect.stringContaining('no rule burzt.') });
  });
});
