// Purchases that arrive together are decided in order, each seeing those before it.
import { Client } from 'undici';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openRedis } from '../../../lua/real-redis.ts';
import { inventoryKeys } from '../../../shared/keys.ts';
import type { Redis } from '../../redis/client.ts';
import { signatureHeaders, signingNow } from '../signature/signed-client.ts';
import { type EmbeddedOrigin, startEmbeddedOrigin } from './embedded-origin.ts';
import {
  newOrderId,
  openSale,
  type Purchase,
  purchaseCall,
  type Sale,
  SOON,
} from './shop-front.ts';

let origin: EmbeddedOrigin;
let redis: Redis;
beforeAll(async () => {
  [origin, redis] = await Promise.all([startEmbeddedOrigin(), openRedis()]);
});
afterAll(async () => {
  await origin.close();
  redis.disconnect();
});

/** Writes all requests to one connection before the first answer; the answers in order. */
async function buyTogether(sale: Sale, purchases: readonly Purchase[]): Promise<string[]> {
  const client = new Client(origin.url, { pipelining: purchases.length });
  const answers = purchases.map(async (purchase) => {
    const { path, body, claims } = purchaseCall(sale, purchase);
    const signed = signatureHeaders({ path, body, claims }, signingNow());
    const headers = { ...signed, 'content-type': 'application/json' };
    // Only what is said to be safe to repeat is pipelined; a purchase is.
    const call = {
      path,
      method: 'POST',
      body,
      headers,
      idempotent: true,
      blocking: false,
    } as const;
    const { statusCode, body: answer } = await client.request(call);
    const members = parseMembers(await answer.text());
    return statusCode === 201 ? `201 ${members.orderId}` : `${statusCode} ${members.type}`;
  });
  try {
    return await Promise.all(answers);
  } finally {
    await client.close();
  }
}

const parseMembers = (text: string): Record<string, unknown> => JSON.parse(text);

async function countersOf({ skuId }: Sale): Promise<Record<string, number>> {
  const { activity, stock, sold, sequence } = inventoryKeys;
  const counters = await redis.mget(stock(skuId), sold(skuId), sequence(skuId));
  const [left, taken, events] = counters.map(Number);
  return {
    left: left ?? -1,
    taken: taken ?? -1,
    events: events ?? -1,
    held: Number(await redis.hget(activity(skuId), 'pending')),
  };
}

it('is exact with a user twice, an order id twice and the last unit', async () => {
  const sale = await openSale(origin.url, { stock: 3, limitPerUser: 2 });
  const [a, b, c, d, e, f] = Array.from({ length: 6 }, () => newOrderId(sale));
  if (!a || !b || !c || !d || !e || !f) throw new Error('six order ids were minted');
  const answers = await buyTogether(sale, [
    { userId: 'ann', orderId: a },
    { userId: 'ann', orderId: a },
    { userId: 'ann', orderId: b },
    { userId: 'ann', orderId: c },
    { userId: 'bob', orderId: d, quantity: 2 },
    { userId: 'bob', orderId: e },
    { userId: 'cid', orderId: f },
    { userId: 'bob', orderId: e },
  ]);
  expect(answers).toEqual([
    `201 ${a}`,
    `201 ${a}`,
    `201 ${b}`,
    '409 /problems/limit-reached',
    '409 /problems/sold-out',
    `201 ${e}`,
    '409 /problems/sold-out',
    `201 ${e}`,
  ]);
  expect(await countersOf(sale)).toEqual({ left: 0, taken: 3, events: 3, held: 3 });
  await expect
    .poll(() => origin.rows.summary(sale.activityId), SOON)
    .toMatchObject({ orders: 3, sold: 3, overLimit: 0, deadLetters: 0 });
});

it('sells each unit once to a crowd that comes at the same moment', async () => {
  const sale = await openSale(origin.url, { stock: 100 });
  const crowd = Array.from({ length: 300 }, (_, index) => ({ userId: `u${index % 150}` }));
  const halves = [crowd.slice(0, 150), crowd.slice(150)];
  const answers = (await Promise.all(halves.map((half) => buyTogether(sale, half)))).flat();
  expect(answers.filter((answer) => answer.startsWith('201 '))).toHaveLength(100);
  expect(await countersOf(sale)).toEqual({ left: 0, taken: 100, events: 100, held: 100 });
  await expect
    .poll(() => origin.rows.summary(sale.activityId), SOON)
    .toMatchObject({ orders: 100, sold: 100, overLimit: 0 });
});
