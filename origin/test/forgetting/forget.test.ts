// A person is forgotten through the origin: what Redis holds by name goes, others' stays.
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { edgeKeys } from '../../../shared/keys.ts';
import type { Redis } from '../../redis/client.ts';
import { connectRedis, untilReady } from '../../redis/connection.ts';
import { type EmbeddedOrigin, startEmbeddedOrigin } from '../reserve/embedded-origin.ts';
import { ADMIN, buy, openSale } from '../reserve/shop-front.ts';
import { sendSigned } from '../signature/signed-client.ts';

let origin: EmbeddedOrigin;
let redis: Redis;
beforeAll(async () => {
  origin = await startEmbeddedOrigin();
  const { host, port } = inject('services').redis;
  redis = connectRedis({ host, port, name: 'test', commandTimeoutMs: 5_000 });
  await untilReady(redis, 5_000);
});
afterAll(async () => {
  redis?.disconnect();
  await origin?.close();
});

const pathOf = (userId: string) => `/api/admin/users/${encodeURIComponent(userId)}/forget`;
const forget = (userId: string) =>
  sendSigned(origin.url, { method: 'POST', path: pathOf(userId), claims: ADMIN });

it('removes places and cadence, keeps what a live sale still needs, and may be repeated', async () => {
  const sale = await openSale(origin.url);
  const [userId, other] = ['eve|1', 'bob|1'];
  const { body } = await buy(origin.url, sale, { userId });
  for (const user of [userId, other]) {
    await redis.set(edgeKeys.place(sale.skuId, user), 'a place', 'EX', 60);
    await redis.set(edgeKeys.cadence(sale.skuId, user), 'a rhythm', 'EX', 60);
  }
  expect(await forget(userId)).toMatchObject({
    status: 200,
    body: { keys: 2, orders: 0, isMore: false },
  });
  expect((await forget(userId)).body).toEqual({ keys: 0, orders: 0, isMore: false });
  expect(await redis.exists(edgeKeys.place(sale.skuId, other))).toBe(1);
  const path = `/api/seckill/status/${body.orderId}`;
  const status = await sendSigned(origin.url, { path, claims: { sub: userId } });
  expect(status.status).toBe(200);
});

it('is for administrators, and for what can be a user', async () => {
  const asked = await sendSigned(origin.url, {
    ...{ method: 'POST', path: pathOf('eve'), claims: { sub: 'eve' } },
  });
  expect(asked.status).toBe(403);
  expect((await forget('no user!')).status).toBe(404);
});
