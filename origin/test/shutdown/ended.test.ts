// An origin that ends in the middle of a rush, asked to or not, has lost nothing that it answered.
import { once } from 'node:events';
import { Client } from 'undici';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { audit } from '../fence/audit.ts';
import { type BreakableRedis, startBreakableRedis } from '../fence/breakable-redis.ts';
import { people, type Rush, startRush } from '../fence/rush.ts';
import { openSale, purchaseCall, type Sale } from '../reserve/shop-front.ts';
import { signatureHeaders, signingNow } from '../signature/signed-client.ts';
import {
  type Environment,
  freshEnvironment,
  type OriginProcess,
  rowsOfProcess,
  startOriginProcess,
} from './origin-process.ts';

const STOCK = 250;
const BUYERS = 400;
const ENDS_WITHIN_MS = 10_000;

let redis: BreakableRedis;
let environment: Environment;
let origin: OriginProcess;
let sale: Sale & { readonly stock: number };
beforeEach(async () => {
  redis = await startBreakableRedis();
  environment = await freshEnvironment(redis);
  origin = await startOriginProcess(environment);
  sale = { ...(await openSale(origin.url, { stock: STOCK })), stock: STOCK };
});
afterEach(async () => {
  await origin.end('SIGKILL');
  await redis.close();
});

/** A rush of which some have their answer and most are on their way. */
async function rushUnderWay(): Promise<Rush> {
  const rush = startRush(origin.url, sale, { people: people(BUYERS) });
  await expect.poll(() => rush.bought.length, { timeout: 10_000, interval: 1 }).toBeGreaterThan(9);
  return rush;
}

async function expectNothingLost(rush: Rush): Promise<void> {
  await rush.over;
  expect(rush.bought).toHaveLength(STOCK);
  expect(rush.refused).toHaveLength(BUYERS - STOCK);
  const rows = await rowsOfProcess(environment);
  await audit({ url: origin.url, rows }, sale, { bought: rush.bought, redis: redis.client });
  await rows.close();
}

it('on SIGTERM answers what is under way, ends with 0, and goes on when started again', async () => {
  const rush = await rushUnderWay();
  const askedAt = Date.now();
  expect(await origin.end('SIGTERM')).toBe(0);
  expect(Date.now() - askedAt).toBeLessThan(ENDS_WITHIN_MS);
  expect(origin.output()).toContain('"closed"');
  origin = await startOriginProcess(environment);
  await expectNothingLost(rush);
  expect(rush.longestMs()).toBeLessThan(ENDS_WITHIN_MS);
});

it('on SIGKILL has every 201 in the outbox or in the database', async () => {
  const rush = await rushUnderWay();
  expect(await origin.end('SIGKILL')).toBeNull();
  origin = await startOriginProcess(environment);
  await expectNothingLost(rush);
  const rows = await rowsOfProcess(environment);
  const [activity] = await rows.liveActivities();
  // The same Redis, the same epoch: an origin that ends gives no reason for a rebuild.
  expect(activity?.epochTaken).toBe(1);
  await rows.close();
});

it('killed together with its Redis goes on from the data of both', async () => {
  const rush = await rushUnderWay();
  await Promise.all([origin.end('SIGKILL'), redis.kill()]);
  await redis.start();
  origin = await startOriginProcess(environment);
  await expectNothingLost(rush);
});

it('on SIGTERM without its Redis ends all the same', async () => {
  await redis.kill();
  expect(await origin.end('SIGTERM')).toBe(0);
  await redis.start();
});

it('on SIGTERM waits for answers under way, not for connections that clients keep', async () => {
  const client = new Client(origin.url, { keepAliveTimeout: 60_000 });
  const call = purchaseCall(sale, { userId: 'slow' });
  const headers = {
    ...signatureHeaders(call, signingNow()),
    'content-type': 'application/json',
  };
  // A silent Redis keeps the purchase under way until its deadline.
  await redis.stopped(async () => {
    const connected = once(client, 'connect');
    const answer = client.request({ ...call, method: 'POST', headers });
    await connected;
    // Whoever answers this has read the purchase too, which came before it.
    expect((await fetch(`${origin.url}/nowhere`)).status).toBe(401);
    const ended = origin.end('SIGTERM');
    expect((await answer).statusCode).toBe(202);
    expect(await ended).toBe(0);
  });
  await client.close();
});

it('on a second SIGTERM keeps closing in order', async () => {
  const rush = await rushUnderWay();
  origin.child.kill('SIGTERM');
  expect(await origin.end('SIGTERM')).toBe(0);
  origin = await startOriginProcess(environment);
  await expectNothingLost(rush);
});
