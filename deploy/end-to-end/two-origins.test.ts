// Two origins behind one edge, and buyers who keep coming: one is killed, comes back, and the other
// is asked to end. Nobody has to know.
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createDatabase } from '../local/services/database.ts';
import { run } from '../local/services/programs.ts';
import { countEntries } from '../stack/count-entries.ts';
import type { Part } from '../stack/part.ts';
import { ROOT } from '../stack/places.ts';
import { makeSecrets } from '../stack/secrets.ts';
import { type Stack, startStack } from '../stack/stack.ts';
import { buy, freshNames, openSale, tokenOf, tokensOf, until, untilPromised } from './client.ts';
import { freshName, type Members, send } from './send.ts';

const { mysql: server, kafka, etcd } = inject('services');
const BUYERS = 90;
const PRESS_EVERY_MS = 50;
/** As the origin's configuration has it. */
const LEASE_MS = 10_000;
const SHOWN_WITHIN_MS = 2_000;
const USED_WITHIN_MS = 5_000;
const ANSWERS_WITHIN_MS = 2_000;
let stack: Stack;
let tokens: string[];

beforeAll(async () => {
  const mysql = { ...server, database: await createDatabase(server) };
  stack = await startStack({
    kind: 'full',
    origins: 2,
    dir: join(inject('scratchDir'), freshName('two')),
    secrets: makeSecrets(),
    places: { mysql, kafka, etcd },
    names: {
      ordersTopic: freshName('orders'),
      dlqTopic: freshName('dlq'),
      consumerGroup: freshName('writer'),
      etcdPrefix: `/${freshName('flash')}/`,
    },
  });
  tokens = await tokensOf(stack.edge, freshNames(BUYERS));
}, 120_000);
afterAll(() => stack?.stop());

function partOf(name: string): Part {
  const part = stack.parts.find((each) => each.name === name);
  if (part === undefined) throw new Error(`no ${name}`);
  return part;
}

/** One buyer after the other presses once, until told to stop; all statuses but of the line. */
function keepBuying(sale: Members, buyers: string[]) {
  const end = new AbortController();
  const answers: { status: number; body: Members }[] = [];
  const pressing: Promise<void>[] = [];
  async function press(token: string): Promise<void> {
    let ticket: unknown;
    for (;;) {
      const body = typeof ticket === 'string' ? { ticket } : {};
      const answer = await send(`${stack.edge}/api/seckill/${sale.skuId}`, { token, body });
      answers.push(answer);
      if (answer.status === 201 || end.signal.aborted) return;
      ticket = answer.body.ticket ?? ticket;
      await pause(1_000);
    }
  }
  const running = (async () => {
    for (const token of buyers) {
      if (end.signal.aborted) break;
      pressing.push(press(token));
      await pause(PRESS_EVERY_MS);
    }
    await Promise.all(pressing);
  })();
  return {
    bought: () => answers.filter(({ status }) => status === 201).length,
    errors: () => answers.filter(({ status }) => status >= 400),
    all: () => running,
    async stop() {
      end.abort();
      await running;
    },
  };
}

const terms = { stock: 1_000, ratePerSecond: 1_000, capacity: 100, limitPerUser: 1 };

test('one is killed: buyers see no error beyond one retry; back again, it is used within 5 s', async () => {
  const sale = await openSale(stack.edge, terms);
  const buying = keepBuying(sale, tokens.slice(0, 60));
  await until(async () => buying.bought() >= 10 || undefined);
  const { kill, port } = partOf('origin').service();
  kill('SIGKILL');
  const leaseOver = pause(LEASE_MS);
  const dead = await listenInPlaceOf(port);
  await buying.all();
  expect(buying.bought()).toBe(60);
  expect(buying.errors()).toEqual([]);
  await leaseOver;
  const calls = dead.calls();
  const later = tokens
    .slice(60)
    .map((token) => buy({ edge: stack.edge, skuId: sale.skuId, token }));
  for (const answer of await Promise.all(later)) expect(answer.status).toBe(201);
  expect(dead.calls()).toBe(calls);
  await dead.close();

  const again = await openSale(stack.edge, terms);
  await partOf('origin').restart();
  const statuses: number[] = [];
  await untilPromised(async () => {
    const token = tokens[statuses.length % tokens.length] ?? '';
    const url = `${stack.edge}/api/seckill/${again.skuId}`;
    statuses.push((await send(url, { token, body: {} })).status);
    const entered = await countEntries(stack.actuator, ANSWERS_WITHIN_MS);
    return (entered ?? 0) > 0 || undefined;
  }, USED_WITHIN_MS);
  expect(statuses.filter((status) => status >= 400)).toEqual([]);
}, 120_000);

test('an edit at either origin shows at the edge within two seconds, whoever leads the line', async () => {
  const admin = await tokenOf(stack.edge, freshName('admin'), 'admin');
  for (const name of ['origin', 'origin-2']) {
    const { skuId, activityId } = await openSale(stack.edge, terms);
    const url = `${partOf(name).service().url}/api/activities/${activityId}`;
    const shows = (isSo: (sale: Members) => boolean) =>
      untilPromised(async () => {
        const { body } = await send(`${stack.edge}/api/sales/${skuId}`);
        return isSo(body) || undefined;
      }, SHOWN_WITHIN_MS);
    const { body, headers } = await send(url, { token: admin });
    const { activityId: _id, state, sold, version, createdAt, updatedAt, ...standing } = body;
    const endAt = new Date(Date.now() + 1_200_000).toISOString();
    const edited = await send(url, {
      method: 'PUT',
      token: admin,
      body: { ...standing, endAt, title: name },
      headers: { 'if-match': headers.get('etag') ?? '' },
    });
    expect(edited).toMatchObject({ status: 200, body: { endAt } });
    await shows((sale) => sale.endAt === endAt && sale.title === name);
    await send(`${url}/pause`, { method: 'POST', token: admin });
    await shows((sale) => sale.state === 'PAUSED');
  }
}, 60_000);

test('the switch in etcd stops sales at the edge within two seconds, and lets them go on', async () => {
  const { skuId } = await openSale(stack.edge, terms);
  const withoutOrder = [...tokens];
  const untilAnswered = (status: number) =>
    untilPromised(async () => {
      const token = withoutOrder.shift() ?? '';
      const answer = await send(`${stack.edge}/api/seckill/${skuId}`, { token, body: {} });
      if (answer.status !== 201) withoutOrder.push(token);
      return answer.status === status || undefined;
    }, SHOWN_WITHIN_MS);
  await untilAnswered(201);
  await set('selling', 'off');
  await untilAnswered(503);
  await set('selling');
  await untilAnswered(201);
});

/** As an operator would, by the command. */
async function set(...setting: string[]): Promise<void> {
  if ('file' in stack.liveSettings) throw new Error('the full stack has etcd');
  const { endpoints, prefix } = stack.liveSettings;
  const env = { PROFILE: 'local', STACK: 'full', ETCD_ENDPOINTS: endpoints, ETCD_PREFIX: prefix };
  await run(process.execPath, [join(ROOT, 'origin/cli/cli.ts'), 'config', 'set', ...setting], env);
}

test('one is asked to end: no error at all', async () => {
  const sale = await openSale(stack.edge, terms);
  const buying = keepBuying(sale, tokens);
  await until(async () => buying.bought() >= 5 || undefined);
  await partOf('origin').service().stop();
  await buying.all();
  expect(buying.errors()).toEqual([]);
  expect(buying.bought()).toBe(BUYERS);
}, 120_000);

/** Counts who still calls where nobody is; all are hung up on. */
async function listenInPlaceOf(port: number) {
  let calls = 0;
  const server = createServer((socket) => {
    calls += 1;
    socket.destroy();
  });
  // Who was killed holds the port a moment longer.
  await until(async () => {
    const { promise, resolve } = Promise.withResolvers<true | undefined>();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => resolve(true));
    return await promise;
  });
  return {
    calls: () => calls,
    close() {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      return closed.promise;
    },
  };
}
