import fastify from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { edgeKeys } from '../../../shared/keys.ts';
import { unsold } from '../../line/counts.ts';
import { registerSaleRoutes } from '../../line/routes.ts';
import { saleStatusOf } from '../../line/status-document.ts';
import type { Redis } from '../../redis/client.ts';
import { connectRedis, untilReady } from '../../redis/connection.ts';
import { activityRow } from '../activity-rows.ts';
import { type OwnRedis, startOwnRedis } from '../redis/own-redis.ts';
import { newSkuId } from '../store/stores.ts';

let server: OwnRedis;
let redis: Redis;
const app = fastify();
beforeAll(async () => {
  server = await startOwnRedis();
  const { host, port } = server;
  redis = connectRedis({ host, port, name: 'sales-route', commandTimeoutMs: 300 });
  await untilReady(redis, 5_000);
  registerSaleRoutes(app, { edgeRedis: redis, now: () => 300_000 });
});
afterAll(async () => {
  await app.close();
  redis.disconnect();
  await server.stop();
});

it('shows what everyone may know of a sale', async () => {
  const row = activityRow({ skuId: newSkuId(), activityId: 'A' });
  const clock = { virtualAt: 5, realAt: 200_000, speed: 1, virtualUntil: 9, term: 2, version: 3 };
  const counts = { ...unsold(100), stock: 5 };
  const status = saleStatusOf({
    row,
    nowMs: 299_000,
    version: 1,
    clock,
    waiting: 3,
    counts,
    outlook: null,
    draw: null,
  });
  await redis.set(edgeKeys.saleStatus(row.skuId), JSON.stringify(status));
  const response = await app.inject(`/api/sales/${row.skuId}`);
  expect(response.statusCode).toBe(200);
  expect(response.headers['cache-control']).toBe('public, max-age=1');
  expect(response.json()).toEqual({
    ...{ skuId: row.skuId, activityId: 'A', title: 'A thing', state: 'RUNNING' },
    ...{ price: 500, currency: 'EUR', limitPerUser: 2, waiting: 3 },
    ...{ joinable: true, soldOut: false, stockBand: 'low' },
    startAt: '1970-01-01T00:03:20.000Z',
    endAt: '1970-01-01T00:15:00.000Z',
    entryOpensAt: '1970-01-01T00:01:40.000Z',
    serverTime: '1970-01-01T00:05:00.000Z',
    clock: { ...clock, realAt: '1970-01-01T00:03:20.000Z' },
  });
});

it.each([newSkuId(), '__proto__', 'a'.repeat(33), '%7B%7D'])('404 for %s', async (skuId) => {
  const response = await app.inject(`/api/sales/${skuId}`);
  expect(response.statusCode).toBe(404);
  expect(response.json()).toMatchObject({ type: '/problems/unknown-sku' });
});

it('503 while Redis does not answer, with the time to try again', async () => {
  server.kill('SIGSTOP');
  const response = await app.inject(`/api/sales/${newSkuId()}`);
  server.kill('SIGCONT');
  expect(response.statusCode).toBe(503);
  expect(response.headers['retry-after']).toBe('1');
  expect(response.json()).toMatchObject({ type: '/problems/unavailable' });
});
