// A sale that goes on for longer than Redis keeps the status of its first orders: a week behind payBy.
import { Redis } from 'ioredis';
import { encodeTime, TIME_LEN } from 'ulid';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { inventoryKeys } from '../../../shared/keys.ts';
import { mintUlid, orderIdOf, parseOrderId } from '../../../shared/order-id.ts';
import { countersOf } from '../fence/audit.ts';
import { configOf, type EmbeddedOrigin, startEmbeddedOrigin } from '../reserve/embedded-origin.ts';
import { ADMIN, buy, openSale, type Sale, SOON } from '../reserve/shop-front.ts';
import { sendSigned } from '../signature/signed-client.ts';
import { cancel, read, refund } from './buyer.ts';
import { newPaymentId, tell, untilPayment, WEBHOOK_SECRET } from './till.ts';

const EIGHT_DAYS_MS = 8 * 86_400_000;
let origin: EmbeddedOrigin;
let redis: Redis;
let sale: Sale;
beforeAll(async () => {
  const place = inject('services').redis;
  origin = await startEmbeddedOrigin(place, configOf(place, { WEBHOOK_SECRET }));
  redis = new Redis(place);
  const startAt = new Date(Date.now() - 2 * EIGHT_DAYS_MS).toISOString();
  sale = await openSale(origin.url, { stock: 9, limitPerUser: 3, startAt });
});
afterAll(async () => {
  redis.disconnect();
  await origin.close();
});

function oldOrderId(): string {
  const now = Date.now();
  const ulid = encodeTime(now - EIGHT_DAYS_MS) + mintUlid(now).slice(TIME_LEN);
  return orderIdOf({ skuId: sale.skuId, ulid });
}

/** An order of eight days ago, PAID or CANCELLED, whose status Redis has let go since. */
async function oldOrder(userId: string, end: 'paid' | 'cancelled') {
  const orderId = oldOrderId();
  const purchase = { userId, orderId };
  expect(await buy(origin.url, sale, purchase)).toMatchObject({ status: 201 });
  const paymentId = newPaymentId();
  if (end === 'cancelled') await cancel(origin.url, orderId, userId);
  else expect(await tell(origin.url, { orderId, paymentId })).toMatchObject({ status: 204 });
  const status = end === 'paid' ? 'PAID' : 'CANCELLED';
  await expect.poll(() => origin.rows.findOrder(orderId), SOON).toMatchObject({ status });
  if (end === 'paid') await untilPayment({ origin }, orderId, { state: 'applied' });
  await letGo(orderId);
  return purchase;
}

async function letGo(orderId: string): Promise<void> {
  const parts = parseOrderId(orderId);
  if (parts !== undefined) await redis.del(inventoryKeys.orderStatus(parts));
}

it.each([
  ['paid', { status: 'PAID' }],
  ['cancelled', { status: 'CANCELLED' }],
] as const)('a purchase that was %s and is repeated takes no further unit', async (end, told) => {
  const purchase = await oldOrder(`ann-${end}`, end);
  const before = await countersOf(redis, sale);
  expect(await buy(origin.url, sale, purchase)).toMatchObject({
    ...{ status: 201, body: { orderId: purchase.orderId, ...told } },
  });
  expect(await countersOf(redis, sale)).toEqual(before);
});

it('an old place that has not bought yet buys', async () => {
  const orderId = oldOrderId();
  expect(await buy(origin.url, sale, { userId: 'late', orderId })).toMatchObject({
    ...{ status: 201, body: { orderId, status: 'PENDING' } },
  });
});

it.each([true, false])('a paid order is refunded, with restock: %s', async (restock) => {
  const { orderId } = await oldOrder(`bob-${restock}`, 'paid');
  const { left = 0 } = await countersOf(redis, sale);
  const admin = { restock, role: 'admin' } as const;
  expect(await refund(origin.url, orderId, admin)).toMatchObject({ status: 200 });
  await expect
    .poll(() => read(origin.url, orderId, `bob-${restock}`), SOON)
    .toMatchObject({ status: 'CANCELLED', reason: 'REFUNDED', persisted: true });
  expect(await countersOf(redis, sale)).toMatchObject({ left: left + (restock ? 1 : 0) });
});

it('Redis and database still say the same', async () => {
  await oldOrder('cid', 'paid');
  const path = `/api/admin/reconcile/${sale.activityId}`;
  const answer = await sendSigned(origin.url, { method: 'POST', path, claims: ADMIN });
  expect(answer).toMatchObject({ status: 200, body: { kind: 'agree' } });
});
