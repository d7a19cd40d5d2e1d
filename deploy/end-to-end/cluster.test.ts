// Everything on a Redis Cluster of three servers, the line as well as the units.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, inject } from 'vitest';
import { createDatabase } from '../local/services/database.ts';
import { type RedisCluster, startRedisCluster } from '../local/services/redis-cluster.ts';
import { makeSecrets } from '../stack/secrets.ts';
import { type Stack, startStack } from '../stack/stack.ts';
import { itIsPaidAsPromised } from './payment-contract.ts';
import { itSellsAsPromised } from './purchase-contract.ts';
import { freshName } from './send.ts';

const places = inject('services');
const secrets = makeSecrets();
let cluster: RedisCluster;
let stack: Stack;

beforeAll(async () => {
  const dir = join(inject('scratchDir'), freshName('cluster'));
  cluster = await startRedisCluster({ dir: join(dir, 'redis') });
  const mysql = { ...places.mysql, database: await createDatabase(places.mysql) };
  stack = await startStack({
    kind: 'full',
    dir,
    secrets,
    places: { ...places, mysql },
    redis: cluster.place,
    names: {
      ordersTopic: freshName('orders'),
      dlqTopic: freshName('dlq'),
      consumerGroup: freshName('writer'),
      etcdPrefix: `/${freshName('flash')}/`,
    },
  });
}, 120_000);
afterAll(async () => {
  await stack?.stop();
  await cluster?.stop();
});

describe('a cluster', () => itSellsAsPromised(() => stack));
describe('orders in a cluster', () => itIsPaidAsPromised(() => stack, secrets.webhook));
