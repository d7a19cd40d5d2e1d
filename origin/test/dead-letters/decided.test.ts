// An operator decides about dead letters of a running sale: what became of each unit shows in Redis,
// in the rows and to the buyer.
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { runCli } from '../cli/run-cli.ts';
import { countersOf } from '../fence/audit.ts';
import { cancel, read, showReceipt } from '../payments/buyer.ts';
import {
  type EmbeddedOrigin,
  JWT_SECRET,
  startEmbeddedOrigin,
} from '../reserve/embedded-origin.ts';
import { buy, openSale, type Sale, SOON } from '../reserve/shop-front.ts';
import { refuseNobody, refuseRowsOf } from '../store/refusing-database.ts';

const STOCK = 3;
let origin: EmbeddedOrigin;
let redis: Redis;
let sale: Sale;
beforeAll(async () => {
  origin = await startEmbeddedOrigin();
  redis = new Redis(inject('services').redis);
});
beforeEach(async () => {
  sale = await openSale(origin.url, { stock: STOCK });
});
afterAll(async () => {
  redis.disconnect();
  await origin.close();
});

const target = () => ({ kind: 'sqlite', file: origin.config.SQLITE_FILE }) as const;
const counters = () => countersOf(redis, sale);
const status = (orderId: string) => read(origin.url, orderId, 'eve');
const rowOf = async (orderId: string) => await origin.rows.findOrder(orderId);

async function dlq(...args: string[]) {
  const { SQLITE_FILE } = origin.config;
  const env = { JWT_SECRET, SQLITE_FILE, ORIGIN_PORT: new URL(origin.url).port };
  const ended = await runCli(['dlq', ...args, '--json'], env);
  return { code: ended.code, answer: JSON.parse(ended.stdout || ended.stderr) };
}

/** Eve's order, which the database refuses until it is mended; and her letters' ids. */
async function deadOrder({ isCancelled }: { readonly isCancelled?: true } = {}) {
  await refuseRowsOf(target(), 'eve');
  const { body } = await buy(origin.url, sale, { userId: 'eve' });
  const order = { orderId: String(body.orderId), receipt: String(body.receipt) };
  if (isCancelled) await cancel(origin.url, order.orderId, 'eve');
  const { activityId } = sale;
  const letters = () =>
    origin.rows.deadLettersPage({ activityId, afterId: 0, limit: 9, which: 'all' });
  await expect.poll(async () => (await letters()).length, SOON).toBe(isCancelled ? 2 : 1);
  const ids = (await letters()).map(({ id }) => String(id));
  await refuseNobody(target());
  return { ...order, ids, id: ids[0] ?? '' };
}

it('lists and shows what waits; replayed, the order has its row, and Redis stays as it is', async () => {
  const { orderId, id } = await deadOrder();
  expect(await status(orderId)).toMatchObject({ status: 'PENDING', persisted: false });
  const listed = { id: Number(id), type: 'reserved', orderId, quantity: 1, decision: null };
  expect(await dlq('list')).toMatchObject({ code: 0, answer: [listed] });
  expect(await dlq('list', '--activity', 'another')).toMatchObject({ answer: [] });
  expect(await dlq('show', id)).toMatchObject({
    ...{ code: 0, answer: { ...listed, text: expect.stringContaining(orderId) } },
  });

  expect(await dlq('replay', id)).toMatchObject({
    ...{ code: 0, answer: { kind: 'decided', status: 'PENDING' } },
  });
  await expect.poll(() => status(orderId), SOON).toMatchObject({ persisted: true });
  expect(await rowOf(orderId)).toMatchObject({ status: 'PENDING', userId: 'eve' });
  expect(await counters()).toEqual({ left: STOCK - 1, sold: 1 });
  expect(await origin.rows.findActivity(sale.activityId)).toMatchObject({
    epoch: 1,
    fenceEpoch: 0,
  });
  expect(await dlq('replay', id)).toMatchObject({ code: 1, answer: expect.anything() });
  expect(await dlq('list')).toMatchObject({ answer: [] });
});

it('an order that was cancelled meanwhile is replayed without a unit', async () => {
  const { orderId, id, ids } = await deadOrder({ isCancelled: true });
  expect(await counters()).toEqual({ left: STOCK, sold: 0 });
  expect(await dlq('replay', id)).toMatchObject({
    answer: { kind: 'decided', letters: ids.map(Number), status: 'CANCELLED' },
  });
  const ended = { status: 'CANCELLED', reason: 'CANCELLED_BY_BUYER' };
  await expect.poll(() => status(orderId), SOON).toMatchObject({ ...ended, persisted: true });
  expect(await counters()).toEqual({ left: STOCK, sold: 0 });
  expect(await origin.rows.summary(sale.activityId)).toMatchObject({ sold: 0 });
});

it('discarded, its unit is for sale again, and its buyer’s receipt tells what became of it', async () => {
  const { orderId, receipt, id } = await deadOrder();
  expect(await counters()).toEqual({ left: STOCK - 1, sold: 1 });
  expect(await dlq('discard', id)).toMatchObject({ code: 0, answer: { kind: 'decided' } });
  await expect.poll(counters, SOON).toEqual({ left: STOCK, sold: 0 });
  const others = await Promise.all(['ann', 'bob', 'cid'].map((userId) => buyAtLast(userId)));
  expect(others).toEqual([201, 201, 201]);
  expect(await status(orderId)).toMatchObject({ showReceipt: true });
  const ended = { status: 'CANCELLED', reason: 'LOST_IN_FAILURE' };
  expect(await showReceipt(origin.url, receipt, 'eve')).toMatchObject({ status: 200, body: ended });
  await expect.poll(() => status(orderId), SOON).toMatchObject({ ...ended, persisted: true });
  expect(await origin.rows.summary(sale.activityId)).toMatchObject({ sold: STOCK });
});

/** The first answer that is none of a fence that is closed. */
async function buyAtLast(userId: string): Promise<number> {
  let told = 0;
  const ask = async () => (told = (await buy(origin.url, sale, { userId })).status);
  await expect.poll(ask, SOON).not.toBe(503);
  return told;
}

it('nothing can be decided that is not there, or by anybody', async () => {
  expect(await dlq('show', '999999')).toMatchObject({ code: 1 });
  expect(await dlq('replay', '999999')).toMatchObject({ code: 1 });
  const answer = await fetch(`${origin.url}/api/admin/dead-letters/1/discard`, { method: 'POST' });
  expect(answer.status).toBe(401);
});
