// etcd killed and started again, a leader stopped past its lease, while buyers keep coming: purchases
// go on, and afterwards each job has one leader.
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { readRows, readUnits } from '../demo/evidence.ts';
import { createDatabase } from '../local/services/database.ts';
import { startEtcd } from '../local/services/etcd.ts';
import type { Service } from '../local/services/service.ts';
import { makeSecrets } from '../stack/secrets.ts';
import { type Stack, startStack } from '../stack/stack.ts';
import { buy, freshNames, openSale, tokensOf, until } from './client.ts';
import { freshName } from './send.ts';

const { mysql: server, kafka } = inject('services');
const BUYERS = 60;
const PRESS_EVERY_MS = 100;
const AWAY_MS = 2_000;
/** As the origin's configuration has it. */
const LEASE_MS = 10_000;
const CLOCK_AHEAD_MS = 5_000;
let dir: string;
let etcd: Service;
let stack: Stack;

beforeAll(async () => {
  dir = join(inject('scratchDir'), freshName('etcd'));
  etcd = await startEtcd({ dir: join(dir, 'etcd') });
  const mysql = { ...server, database: await createDatabase(server) };
  stack = await startStack({
    kind: 'full',
    origins: 2,
    dir: join(dir, 'stack'),
    secrets: makeSecrets(),
    places: { mysql, kafka, etcd: { endpoints: String(etcd.url) } },
    names: {
      ordersTopic: freshName('orders'),
      dlqTopic: freshName('dlq'),
      consumerGroup: freshName('writer'),
    },
  });
}, 120_000);
afterAll(async () => {
  await stack?.stop();
  await etcd?.stop();
});

test('purchases go on, and each job has one leader when it is back', async () => {
  const { edge } = stack;
  const terms = { stock: 1_000, ratePerSecond: 1_000, capacity: 100 };
  const { skuId } = await openSale(edge, terms);
  const tokens = await tokensOf(edge, freshNames(BUYERS));
  const buying: Promise<number>[] = [];
  for (const [index, token] of tokens.entries()) {
    buying.push(buy({ edge, skuId, token }).then(({ status }) => status));
    if (index === BUYERS / 3) {
      etcd.kill('SIGKILL');
      void pause(AWAY_MS).then(async () => {
        etcd = await startEtcd({ dir: join(dir, 'etcd'), port: etcd.port });
      });
    }
    await pause(PRESS_EVERY_MS);
  }
  expect(new Set(await Promise.all(buying))).toEqual(new Set([201]));

  await untilEachJobHasOneLeader();
}, 120_000);

test('an origin that was stopped past its lease wakes and does no harm', async () => {
  const { edge, redis } = stack;
  const stock = 40;
  const terms = { stock, ratePerSecond: 1_000, capacity: 40 };
  const { skuId, activityId } = await openSale(edge, terms);
  const tokens = await tokensOf(edge, freshNames(BUYERS / 2));
  const sleeper = stack.parts.find(({ name }) => name === 'origin')?.service();
  sleeper?.kill('SIGSTOP');
  const buying = tokens.map((token) => buy({ edge, skuId, token }).then(({ status }) => status));
  await pause(LEASE_MS + 2_000);
  sleeper?.kill('SIGCONT');
  // What it was asleep in may still be finished, and a question that waited may come before it.
  await leadersOf(stack);
  expect(new Set(await Promise.all(buying))).toEqual(new Set([201]));
  await untilEachJobHasOneLeader();
  const sold = tokens.length;
  await until(async () => {
    const rows = await readRows(stack.database, String(activityId));
    return rows.length === sold || undefined;
  }, 20_000);
  expect(await readUnits(redis, String(skuId))).toEqual({ stock: stock - sold, sold });
}, 120_000);

test('an etcd that comes back without its data: leaders go on, and the line of a sale moves', async () => {
  const { edge } = stack;
  const { skuId } = await openSale(edge, { stock: 100, ratePerSecond: 5, capacity: 1 });
  const tokens = await tokensOf(edge, freshNames(BUYERS / 4));
  await etcd.stop();
  etcd = await startEtcd({ dir: join(dir, 'etcd-without-data'), port: etcd.port });
  await untilEachJobHasOneLeader();
  // Virtual time runs a few seconds ahead of its last leader, then it stands.
  await pause(CLOCK_AHEAD_MS);
  const buying = tokens.map((token) => buy({ edge, skuId, token }).then(({ status }) => status));
  expect(new Set(await Promise.all(buying))).toEqual(new Set([201]));
}, 120_000);

async function untilEachJobHasOneLeader(): Promise<void> {
  await until(async () => {
    const leaders = await leadersOf(stack);
    const counts = [...leaders.values()];
    expect(Math.max(...counts)).toBeLessThanOrEqual(1);
    return (leaders.size > 0 && counts.every((count) => count === 1)) || undefined;
  }, 40_000);
}

/** How many origins lead each job. */
async function leadersOf({ actuators }: Stack): Promise<Map<string, number>> {
  const leaders = new Map<string, number>();
  // At the same time: a lead that moves between two looks would be seen twice.
  const answers = await Promise.all(
    actuators.map((actuator) => fetch(`${actuator}/actuator/prometheus`)),
  );
  for (const answer of answers) {
    const metrics = await answer.text();
    for (const [, job = '', term] of metrics.matchAll(
      /^seckill_leader_term\{job="(\S+)"\} (\d+)/gm,
    )) {
      leaders.set(job, (leaders.get(job) ?? 0) + (Number(term) > 0 ? 1 : 0));
    }
  }
  return leaders;
}
