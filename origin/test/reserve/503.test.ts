// What cannot be decided now is answered at once, with the time to come back.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { inventoryKeys } from '../../../shared/keys.ts';
import { connectRedis, untilReady } from '../../redis/connection.ts';
import { type OwnRedis, startOwnRedis } from '../redis/own-redis.ts';
import type { Answer } from '../signature/signed-client.ts';
import { type EmbeddedOrigin, startEmbeddedOrigin } from './embedded-origin.ts';
import {
  buy,
  createSale,
  newOrderId,
  openSale,
  SOON,
  statusOf,
  untilDecided,
} from './shop-front.ts';

let redis: OwnRedis;
let origin: EmbeddedOrigin;
beforeAll(async () => {
  redis = await startOwnRedis();
  origin = await startEmbeddedOrigin(redis);
});
afterAll(async () => {
  await origin.close();
  await redis.stop();
});

/** A machine may be busy with other work for a moment, what waits too long does so each time. */
async function askTwice(ask: () => Promise<Answer>) {
  const waited: number[] = [];
  let answer: Answer | undefined;
  while (waited.length < 2) {
    const askedAt = performance.now();
    answer = await ask();
    waited.push(performance.now() - askedAt);
  }
  if (answer === undefined) throw new Error('nothing was asked');
  return { answer, quickestMs: Math.min(...waited) };
}

it('unavailable before the stock is loaded', async () => {
  const startAt = new Date(Date.now() + 7_200_000).toISOString();
  const endAt = new Date(Date.now() + 9_000_000).toISOString();
  const sale = await createSale(origin.url, { startAt, endAt });
  const answer = await buy(origin.url, sale, { userId: 'ann' });
  expect(answer).toMatchObject({ status: 503, body: { type: '/problems/unavailable' } });
  expect(answer.headers.get('retry-after')).toBe('1');
});

it('paused while paused, though a known order has its answer', async () => {
  const sale = await openSale(origin.url);
  const orderId = newOrderId(sale);
  const bought = await buy(origin.url, sale, { userId: 'ann', orderId });
  const client = connectRedis({ ...redis, name: 'pause', commandTimeoutMs: 2_000 });
  await untilReady(client, 5_000);
  await client.hset(inventoryKeys.activity(sale.skuId), 'paused', '1');
  const answer = await buy(origin.url, sale, { userId: 'bob' });
  expect(answer).toMatchObject({ status: 503, body: { type: '/problems/paused' } });
  expect(answer.headers.get('retry-after')).toBe('1');
  const repeat = await buy(origin.url, sale, { userId: 'ann', orderId });
  // The ledger goes on when the writer does.
  const { ledgerHead: _, ...told } = bought.body;
  expect(repeat).toMatchObject({ status: 201, body: told });
  client.disconnect();
});

it('unavailable within a moment while Redis is away, and decided again when it is back', async () => {
  const sale = await openSale(origin.url);
  redis.kill('SIGKILL');
  const answers = async () => (await buy(origin.url, sale, { userId: 'ann' })).status;
  await expect.poll(answers, SOON).toBe(503);
  const { answer, quickestMs } = await askTwice(() => buy(origin.url, sale, { userId: 'ann' }));
  expect(quickestMs).toBeLessThan(1_000);
  expect(answer.body.type).toBe('/problems/unavailable');
  await redis.restart();
  await untilDecided(origin.url, sale);
  expect(await answers()).toBe(201);
});

it('while Redis is silent, a status comes from the database before the edge gives up', async () => {
  const sale = await openSale(origin.url);
  const { status: bought, body } = await buy(origin.url, sale, { userId: 'ann' });
  expect(bought, JSON.stringify(body)).toBe(201);
  const status = () => statusOf(origin.url, body.orderId, { sub: 'ann' });
  await expect.poll(async () => (await status()).body.persisted, SOON).toBe(true);
  redis.kill('SIGSTOP');
  const { answer: shown, quickestMs } = await askTwice(status).finally(() => redis.kill('SIGCONT'));
  expect(shown).toMatchObject({ status: 200, body: { orderId: body.orderId, persisted: true } });
  expect(quickestMs).toBeLessThan(2_000);
});

it('confirming when Redis was asked and is silent; repeated, the order is there', async () => {
  const sale = await openSale(origin.url);
  const purchase = { userId: 'ann', orderId: newOrderId(sale) };
  redis.kill('SIGSTOP');
  const answer = await buy(origin.url, sale, purchase);
  redis.kill('SIGCONT');
  expect(answer).toMatchObject({ status: 202, body: { state: 'CONFIRMING', pollAfterSeconds: 1 } });
  const repeated = async () => (await buy(origin.url, sale, purchase)).status;
  await expect.poll(repeated, SOON).toBe(201);
});
