// Redis comes back with an older state before anybody else has heard of the last orders, which buyers
// were told of: what their receipts are worth, shown where buyers show them.
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { readRows } from '../demo/evidence.ts';
import { createDatabase } from '../local/services/database.ts';
import { endProcess } from '../local/services/process.ts';
import { startRedis } from '../local/services/redis.ts';
import type { Service } from '../local/services/service.ts';
import { makeSecrets } from '../stack/secrets.ts';
import { type Stack, startStack } from '../stack/stack.ts';
import { buy, openSale, tokenOf, until } from './client.ts';
import { type Answer, freshName, type Members, send } from './send.ts';

const { mysql: server, kafka, etcd } = inject('services');
const dir = join(inject('scratchDir'), freshName('lost'));
const data = join(dir, 'redis', 'appendonlydir');
const KILLED_WITHIN_MS = 5_000;
const MENDED_WITHIN_MS = 60_000;
let redis: Service;
let stack: Stack;

beforeAll(async () => {
  redis = await startRedis({ dir: join(dir, 'redis') });
  const mysql = { ...server, database: await createDatabase(server) };
  stack = await startStack({
    ...{ kind: 'full', dir: join(dir, 'stack'), secrets: makeSecrets(), redis },
    places: { mysql, kafka, etcd },
    roles: { origin: 'api,jobs', writer: 'relay,writer' },
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
  await redis?.stop();
});

interface Buyer {
  readonly token: string;
  readonly orderId: string;
  readonly receipt: string;
}

async function bought(sale: Members): Promise<Buyer> {
  const { answer, buyer } = await tryToBuy(sale);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return buyer;
}

/** Redis has units again a moment before the edge hears of it: until then they are sold out. */
const boughtAtLast = (sale: Members): Promise<Buyer> =>
  until(async () => {
    const { answer, buyer } = await tryToBuy(sale);
    if (answer.status !== 201) expect(answer.body.type).toBe('/problems/sold-out');
    return answer.status === 201 ? buyer : undefined;
  }, MENDED_WITHIN_MS);

async function tryToBuy({ skuId }: Members): Promise<{ answer: Answer; buyer: Buyer }> {
  const token = await tokenOf(stack.edge, freshName('buyer'));
  const answer = await buy({ edge: stack.edge, skuId, token });
  const { orderId, receipt } = answer.body;
  return { answer, buyer: { token, orderId: String(orderId), receipt: String(receipt) } };
}

const statusOf = ({ token, orderId }: Buyer): Promise<Answer> =>
  send(`${stack.edge}/api/seckill/status/${orderId}`, { token });

/** While the fence is closed the answer is 503. */
const show = ({ token, receipt }: Buyer): Promise<Answer> =>
  until(async () => {
    const answer = await send(`${stack.edge}/api/receipts`, { token, body: { receipt } });
    return answer.status === 503 ? undefined : answer;
  }, MENDED_WITHIN_MS);

const told = (buyer: Buyer, members: Members): Promise<Answer> =>
  until(async () => {
    const answer = await statusOf(buyer);
    const isSo = Object.entries(members).every(([name, value]) => answer.body[name] === value);
    return isSo ? answer : undefined;
  }, MENDED_WITHIN_MS);

/** Nobody hears of what is sold meanwhile; then Redis is as it was before. */
async function forgotten<Result>(sell: () => Promise<Result>): Promise<Result> {
  const writer = stack.parts.find(({ name }) => name === 'writer')?.service();
  const copy = join(dir, 'copy');
  cpSync(data, copy, { recursive: true });
  writer?.kill('SIGSTOP');
  try {
    const result = await sell();
    await endProcess({ pid: redis.pid, signal: 'SIGKILL', withinMs: KILLED_WITHIN_MS });
    rmSync(data, { recursive: true });
    cpSync(copy, data, { recursive: true });
    redis = await startRedis({ dir: join(dir, 'redis'), port: redis.port });
    return result;
  } finally {
    writer?.kill('SIGCONT');
  }
}

test('a lost order has its unit again while one is free, and else a reason that its buyer reads', async () => {
  const sale = await openSale(stack.edge, { stock: 3, ratePerSecond: 100 });
  const first = await bought(sale);
  await told(first, { status: 'PENDING', persisted: true });
  const [ann, bob] = await forgotten(async () => [await bought(sale), await bought(sale)]);

  const unknown = { type: '/problems/unknown-order', showReceipt: true };
  for (const buyer of [ann, bob]) expect((await told(buyer, unknown)).status).toBe(404);
  // One of the two units that were theirs goes to somebody else.
  const other = await boughtAtLast(sale);
  for (let repeat = 0; repeat < 2; repeat += 1) {
    expect(await show(ann)).toMatchObject({
      ...{ status: 200, body: { orderId: ann.orderId, status: 'PENDING' } },
    });
  }
  const lost = { status: 'CANCELLED', reason: 'LOST_IN_FAILURE' };
  expect(await show(bob)).toMatchObject({ status: 200, body: { orderId: bob.orderId, ...lost } });
  await told(ann, { status: 'PENDING', persisted: true });
  await told(bob, { ...lost, persisted: true });

  const rows = await readRows(stack.database, String(sale.activityId));
  const orders = rows.map(({ order_id, status }) => `${order_id} ${status}`).sort();
  const held = [first, ann, other].map(({ orderId }) => `${orderId} PENDING`);
  expect(orders).toEqual([...held, `${bob.orderId} CANCELLED`].sort());
}, 180_000);
