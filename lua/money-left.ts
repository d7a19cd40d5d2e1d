// What a sale must have left in Redis, by the model: counters, orders, users, lapses, what is due,
// every event in its place, and a lifetime on all that nobody else will remove.
import { isDeepStrictEqual } from 'node:util';
import { stockKeys } from '../origin/inventory/stock-keys.ts';
import { batchesOf, readKnownOrder } from '../origin/orders/known-order.ts';
import { dueScore, isBatchField, ordersIn } from '../origin/orders/order-batch.ts';
import { packOrder } from '../origin/orders/packed-order.ts';
import { parseOutboxEntry } from '../origin/outbox/entry.ts';
import { inventoryKeys } from '../shared/keys.ts';
import type { Sale } from './money-model.ts';
import { keysWithoutLifetime } from './real-redis.ts';

/** Throws at the first difference. */
export async function expectAsModel(sale: Sale): Promise<void> {
  const { redis, skuId, model } = sale;
  const { activity, stock, sold, sequence, lapsed } = inventoryKeys;
  const counters = await redis.mget(stock(skuId), sold(skuId), sequence(skuId));
  same('counters', counters.map(Number), [model.left, model.sold, model.seq]);
  const facts = await redis.hmget(activity(skuId), 'total', 'pending');
  same('total, pending', facts.map(Number), [model.total, model.pending()]);
  if (model.left < 0 || model.left + model.sold !== model.total) throw new Error('units leaked');
  const lapses = await redis.hgetall(lapsed(skuId));
  same('lapses', lapses, Object.fromEntries([...model.lapses].map(([key, n]) => [key, String(n)])));
  await expectUsers(sale);
  await expectOrders(sale);
  await expectEvents(sale);
  await expectLifetimes(sale);
}

async function expectUsers({ redis, skuId, model }: Sale): Promise<void> {
  for (const [user, count] of model.taken) {
    const found = await redis.get(inventoryKeys.userPurchase(skuId, user));
    same(`count of ${user}`, Number(found), count);
    if (count > model.terms.limit) throw new Error(`${user} is over the limit`);
  }
}

async function expectOrders({ redis, skuId, windowMs, model }: Sale): Promise<void> {
  const due = new Map<string, number>();
  for (const [ulid, order] of model.orders) {
    const known = await readKnownOrder({ redis }, { skuId, ulid });
    same(`status of ${ulid}`, known?.status, order.status);
    const [batch = ''] = await batchesOf(redis, skuId, [ulid]);
    const facts = known?.order;
    const [user, quantity, amount, createdAt, payBy, epoch, seq] =
      facts === undefined ? [] : packOrder(facts).split(' ');
    same(`facts of ${ulid}`, [user, quantity, amount, epoch, seq].join(' '), model.facts(order));
    same(`payBy of ${ulid}`, Number(payBy), Number(createdAt) + windowMs);
    if (order.status !== 'PENDING') continue;
    due.set(batch, (due.get(batch) ?? dueScore(Number(payBy), 0)) + 1);
  }
  const stand = Object.entries(await redis.hgetall(inventoryKeys.orders(skuId))).flatMap(
    ([field, text]) => (isBatchField(field) ? [...ordersIn(text).keys()] : []),
  );
  same('orders of all batches', stand.toSorted(), [...model.orders.keys()].toSorted());
  const listed = await redis.zrange(inventoryKeys.pending(skuId), '0', '-1', 'WITHSCORES');
  const wanted = [...due].flatMap(([batch, score]) => [batch, String(score)]);
  same('what is due', listed.toSorted(), wanted.toSorted());
  const batches = await redis.hget(inventoryKeys.activity(skuId), 'batches');
  same('batches that are due', Number(batches), due.size);
}

async function expectEvents({ redis, skuId, activityId, model }: Sale): Promise<void> {
  const entries = await redis.xrange(inventoryKeys.outbox(skuId), '-', '+');
  const lane = { skuId, activityId, currency: 'USD' };
  const found = entries.flatMap(([id, fields]) =>
    parseOutboxEntry(lane, id, fields).map(({ event }) => eventOf(event)),
  );
  same(
    'events',
    found,
    model.events.map((event) => ({ ...event })),
  );
}

function eventOf(event: ReturnType<typeof parseOutboxEntry>[number]['event']): unknown {
  const { type, seq, order, stock, restock } = event;
  const ulid = order?.orderId.slice(-26);
  const parts = { type, seq, ulid, reason: order?.reason, restock, stock };
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
}

/** The relay empties the outbox, the writer gives statuses a lifetime, the closing sweeps counts. */
async function expectLifetimes({ redis, skuId, model }: Sale): Promise<void> {
  const { outbox, orderStatus, userPurchase } = inventoryKeys;
  const permanent = [
    ...[...model.orders].flatMap(([ulid, { isMortal }]) =>
      isMortal ? [] : [orderStatus({ skuId, ulid })],
    ),
    ...[...model.taken.keys()].map((user) => userPurchase(skuId, user)),
    ...(model.events.length === 0 ? [] : [outbox(skuId)]),
  ];
  same('without lifetime', await keysWithoutLifetime(redis, skuId), permanent.sort());
  same('keys of the stock', stockKeys(skuId).length, 8);
}

function same(what: string, found: unknown, wanted: unknown): void {
  if (isDeepStrictEqual(found, wanted)) return;
  throw new Error(`${what}: ${JSON.stringify(found)}, wanted ${JSON.stringify(wanted)}`);
}
