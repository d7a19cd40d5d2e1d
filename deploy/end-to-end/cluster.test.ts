// Everything on a Redis Cluster of three servers, the line as well as the units; then each server is
// killed in turn, and its replica takes over or it starts again on its append-only file.
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { slotOf } from '../../origin/redis/cluster/slot-map.ts';
import { readRows, readUnits } from '../demo/evidence.ts';
import { createDatabase } from '../local/services/database.ts';
import {
  type RedisCluster,
  type RedisNode,
  type RedisReplica,
  startRedisCluster,
} from '../local/services/redis-cluster.ts';
import { makeSecrets } from '../stack/secrets.ts';
import { type Stack, startStack } from '../stack/stack.ts';
import { buy, openSale, tokenOf, until } from './client.ts';
import { itDrawsAsPromised } from './draw-contract.ts';
import { itIsPaidAsPromised } from './payment-contract.ts';
import { itSellsAsPromised } from './purchase-contract.ts';
import { freshName, type Members, send } from './send.ts';

const STOCK = 20;
const REBUILT_WITHIN_MS = 60_000;
const RECORDED_WITHIN_MS = 30_000;
const { mysql: server, kafka, etcd } = inject('services');
const secrets = makeSecrets();
let cluster: RedisCluster;
let stack: Stack;

beforeAll(async () => {
  const dir = join(inject('scratchDir'), freshName('cluster'));
  cluster = await startRedisCluster({ dir: join(dir, 'redis') });
  const mysql = { ...server, database: await createDatabase(server) };
  stack = await startStack({
    kind: 'full',
    dir,
    secrets,
    places: { mysql, kafka, etcd },
    redis: cluster.place,
    originVars: { DRAIN_SECONDS: '0' },
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

describe.concurrent('a cluster', () => {
  itSellsAsPromised(() => stack);
  itIsPaidAsPromised(() => stack, secrets.webhook);
  itDrawsAsPromised(() => stack);
});

/** A sale whose keys are that server's. */
interface SaleAt {
  node: RedisNode;
  readonly skuId: string;
  readonly activityId: string;
  readonly orders: { readonly token: string; readonly orderId: string }[];
  /** Of people who come later: their devices have been shown. */
  readonly tokens: string[];
}

async function openSaleAt(node: RedisNode): Promise<SaleAt> {
  const [first, last] = node.slots;
  let skuId = freshName('sku');
  while (slotOf(`{${skuId}}`) < first || slotOf(`{${skuId}}`) > last) skuId = freshName('sku');
  const { activityId } = await openSale(stack.edge, { skuId, stock: STOCK, ratePerSecond: 100 });
  const names = Array.from({ length: 10 }, () => freshName('buyer'));
  const tokens = await Promise.all(names.map((name) => tokenOf(stack.edge, name)));
  return { node, skuId, activityId: String(activityId), orders: [], tokens };
}

const nextOf = ({ tokens }: SaleAt): string => tokens.pop() ?? expect.fail('nobody is left');
const press = ({ skuId }: SaleAt, token: string) =>
  send(`${stack.edge}/api/seckill/${skuId}`, { token, body: {} });

/** Somebody buys. */
async function sells(sale: SaleAt): Promise<void> {
  const token = nextOf(sale);
  const { status, body } = await buy({ edge: stack.edge, skuId: sale.skuId, token });
  expect([status, body.status]).toEqual([201, 'PENDING']);
  sale.orders.push({ token, orderId: String(body.orderId) });
}

/** Nobody is sold a unit, and nobody is told that there is none. */
async function waits(sale: SaleAt): Promise<void> {
  const token = nextOf(sale);
  for (let time = 0; time < 3; time += 1) {
    const answer = await press(sale, token);
    expect(answer).toMatchObject({ status: 503, body: { type: '/problems/unavailable' } });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  }
}

/** Each order is told as it is, or not at all. */
async function areTold({ orders }: SaleAt): Promise<void> {
  for (const { token, orderId } of orders) {
    await until(async () => {
      const answer = await send(`${stack.edge}/api/seckill/status/${orderId}`, { token });
      if (answer.status === 503) return undefined;
      expect(answer).toMatchObject({ status: 200, body: { orderId, status: 'PENDING' } });
      return answer.body.persisted === true || undefined;
    }, RECORDED_WITHIN_MS);
  }
}

async function asAdmin(path: string): Promise<Members> {
  const token = await tokenOf(stack.edge, 'admin', 'admin');
  return (await send(`${stack.origin}${path}`, { method: 'POST', token })).body;
}

/** Rows, counters and what buyers hold agree to the unit. */
async function addsUp({ node, skuId, activityId, orders }: SaleAt, held: number): Promise<void> {
  const rows = await until(async () => {
    const found = await readRows(stack.database, activityId);
    const isSo = found.filter(({ status }) => status === 'PENDING').length === held;
    return isSo && found.length === orders.length ? found : undefined;
  }, RECORDED_WITHIN_MS);
  expect(rows.map((row) => row.order_id).sort()).toEqual(orders.map((one) => one.orderId).sort());
  const { host, port } = node.service();
  expect(await readUnits({ host, port }, skuId)).toEqual({ stock: STOCK - held, sold: held });
  const compared = await asAdmin(`/api/admin/reconcile/${activityId}`);
  expect(compared).toMatchObject({ kind: 'agree' });
}

/** What is left of a closed sale at its server, beside what still answers its buyers for a while. */
async function keysOf({ node, skuId }: SaleAt): Promise<string[]> {
  const { host, port } = node.service();
  const client = new Redis({ host, port, protocol: 2, maxRetriesPerRequest: 2 });
  try {
    const keys = await client.keys(`*{${skuId}}*`);
    return keys.filter((key) => !/^(order_status|sale_status|place):/.test(key));
  } finally {
    client.disconnect();
  }
}

/** The first server's replica takes its place, the others start again on their own data. */
async function comesBack(sale: SaleAt, replica: RedisReplica): Promise<void> {
  if (sale.node !== cluster.nodes[0]) return await sale.node.restart();
  await replica.takeOver();
  sale.node = replica;
}

test('a server that is away takes its own sales along only, and is whole when it is back', async () => {
  const sales = await Promise.all(cluster.nodes.map(openSaleAt));
  await Promise.all(sales.map(sells));
  const replica = await cluster.replicate(0);
  for (const sale of sales) {
    const others = sales.filter((one) => one !== sale);
    await Promise.all(sales.map(areTold));
    sale.node.service().kill('SIGKILL');
    await until(async () => {
      const token = nextOf({ ...sale, tokens: [...sale.tokens] });
      return (await press(sale, token)).status === 503 || undefined;
    });
    await Promise.all([waits(sale), areTold(sale), ...others.map(sells)]);
    await comesBack(sale, replica);
    await until(async () => {
      const answer = await press(sale, sale.tokens.at(-1) ?? '');
      return answer.status === 503 ? undefined : answer;
    }, REBUILT_WITHIN_MS);
    await Promise.all(sales.map(sells));
  }
  await Promise.all(sales.map(ends));
}, 180_000);

/** All six orders are there, all are cancelled, and the sale is closed. */
async function ends(sale: SaleAt): Promise<void> {
  const { orders, activityId } = sale;
  await areTold(sale);
  expect(orders).toHaveLength(6);
  await addsUp(sale, orders.length);
  for (const { token, orderId } of orders) {
    const path = `${stack.edge}/api/orders/${orderId}/cancel`;
    expect(await send(path, { token, body: {} })).toMatchObject({ status: 200 });
  }
  await addsUp(sale, 0);
  const ended = await asAdmin(`/api/activities/${activityId}/end`);
  expect(ended).toMatchObject({ state: 'ENDED' });
  await expect.poll(() => keysOf(sale), { timeout: 30_000 }).toEqual([]);
}
