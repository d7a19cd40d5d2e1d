import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { batchesOf, knownOrder, readKnownOrder } from '../origin/orders/known-order.ts';
import { dueScore, isBatchField, ordersIn } from '../origin/orders/order-batch.ts';
import { packOrder } from '../origin/orders/packed-order.ts';
import { parseOutboxEntry } from '../origin/outbox/entry.ts';
import type { Redis } from '../origin/redis/client.ts';
import { inventoryKeys } from '../shared/keys.ts';
import { mintUlid } from '../shared/order-id.ts';
import { keysWithoutLifetime, newSku, openRedis, redisNow } from './real-redis.ts';
import { SaleModel } from './sale-model.ts';
import { load, PAYMENT_WINDOW_MS, type Purchase, reserve, type Sale } from './stock-under-test.ts';

let redis: Redis;
beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.disconnect());

const ulid = () => mintUlid(Date.now());
const newSale = (changes: Partial<Sale> = {}): Sale => {
  return { skuId: newSku(), activityId: ulid(), stock: 5, limit: 2, price: 700, ...changes };
};

const ORDERS = Array.from({ length: 12 }, ulid);
const purchaseOf = fc.record({
  ulid: fc.constantFrom(...ORDERS),
  user: fc.constantFrom('ann', 'bob', 'cy', 'd|d@x.y:1'),
  quantity: fc.integer({ min: 1, max: 4 }),
});
/** What changes at the activity before a batch; `open` undoes it. */
const gateOf = fc.constantFrom(
  ...(['open', 'open', 'open', 'open', 'fence', 'paused', 'not-open', 'ended', 'busy'] as const),
  ...(['stale', 'behind', 'other-activity', 'stock-missing', 'cancelled'] as const),
);
const batchOf = fc.record({
  gate: gateOf,
  purchases: fc.array(purchaseOf, { minLength: 1, maxLength: 8 }),
});
const saleOf = fc.record({
  stock: fc.integer({ min: 1, max: 14 }),
  limit: fc.integer({ min: 1, max: 6 }),
  price: fc.constantFrom(0, 1, 999, 10 ** 12),
});

describe('reserve', () => {
  it('decides every batch as the model does and leaves the same behind', async () => {
    await fc.assert(
      fc.asyncProperty(
        saleOf,
        fc.array(batchOf, { minLength: 1, maxLength: 6 }),
        async (terms, batches) => {
          const sale = newSale(terms);
          const model = new SaleModel(sale);
          await load(redis, sale);
          for (const { gate, purchases } of batches) {
            const undo = await shut(sale, gate, model);
            const asked = gate === 'other-activity' ? { ...sale, activityId: 'another' } : sale;
            const epoch = gate === 'stale' ? 2 : 1;
            const seen = model.sequence + (gate === 'behind' ? 1 : 0);
            const hasRoom = gate !== 'busy';
            const options = { epoch, seen, hasRoom };
            const { sequence, answers } = await reserve(redis, asked, purchases, options);
            const expected = model.reserve(purchases, refusalOf(gate));
            expect(answers.map(shorten)).toEqual(expected);
            expect(sequence).toBe(model.sequence);
            await undo();
          }
          await expectAsModel(sale, model);
        },
      ),
      { numRuns: 300 },
    );
  });
});

type Gate = typeof gateOf extends fc.Arbitrary<infer Value> ? Value : never;

function refusalOf(gate: Gate): string | undefined {
  const words: Partial<Record<Gate, string>> = {
    fence: 'fenced closed',
    paused: 'paused',
    'not-open': 'not_open',
    ended: 'ended',
    stale: 'fenced stale',
    behind: 'fenced behind',
    'other-activity': 'not_loaded',
    'stock-missing': 'not_loaded missing',
    busy: 'busy',
  };
  return words[gate];
}

/** Changes the activity as the gate says; resolves to what changes it back. */
async function shut(sale: Sale, gate: Gate, model: SaleModel): Promise<() => Promise<unknown>> {
  const key = inventoryKeys.activity(sale.skuId);
  const now = await redisNow(redis);
  const set = async (field: string, value: string | number) => {
    const before = await redis.hget(key, field);
    await redis.hset(key, field, value);
    return async () => await redis.hset(key, field, before ?? '');
  };
  if (gate === 'fence') return await set('fence', '1 2 run closed');
  if (gate === 'paused') return await set('paused', '1');
  if (gate === 'not-open') return await set('startAt', now + 60_000);
  if (gate === 'ended') return await set('endAt', now);
  if (gate === 'stock-missing') {
    const stock = inventoryKeys.stock(sale.skuId);
    await redis.rename(stock, `${stock}:aside`);
    return async () => await redis.rename(`${stock}:aside`, stock);
  }
  if (gate === 'cancelled') {
    for (const order of model.cancelAll()) {
      const key = inventoryKeys.orderStatus({ skuId: sale.skuId, ulid: order });
      await redis.set(key, 'CANCELLED', 'KEEPTTL');
    }
  }
  return async () => undefined;
}

/** Times are the server's; what they must be is checked once for all orders at the end. */
function shorten(answer: string): string {
  return answer.replace(/^(reserved|known \w+) (\S+ \d+ \d+) \d+ \d+ (\d+ \d+)$/, '$1 $2 $3');
}

async function expectAsModel(sale: Sale, model: SaleModel): Promise<void> {
  const { skuId, activityId } = sale;
  const counters = await redis.mget(
    inventoryKeys.stock(skuId),
    inventoryKeys.sold(skuId),
    inventoryKeys.sequence(skuId),
  );
  expect(counters.map(Number)).toEqual([model.left, sale.stock - model.left, model.sequence]);
  expect(model.left).toBeGreaterThanOrEqual(0);
  for (const user of model.users()) {
    const taken = await redis.get(inventoryKeys.userPurchase(skuId, user));
    expect(Number(taken)).toBe(model.takenBy(user));
    expect(Number(taken)).toBeLessThanOrEqual(sale.limit);
  }
  const scores = await redis.zrange(inventoryKeys.pending(skuId), '0', '-1', 'WITHSCORES');
  const pending = scores.flatMap((batch, at) => {
    return at % 2 === 1 ? [] : ([[batch, Number(scores[at + 1])]] as const);
  });
  const due = new Map<string, number>();
  const entries = await redis.xrange(inventoryKeys.outbox(skuId), '-', '+');
  const events = entries.flatMap(([id, fields]) => {
    return parseOutboxEntry({ skuId, activityId, currency: 'USD' }, id, fields);
  });
  expect(events.map(({ event }) => [event.epoch, event.seq, event.type])).toEqual(
    model.orders().map((_, index) => [1, index + 1, 'reserved']),
  );
  for (const [index, order] of model.orders().entries()) {
    const { ulid: orderUlid, user, quantity, status } = order;
    const logged = events[index]?.event.order;
    const { createdAt = 0, payBy = 0 } = logged ?? {};
    const amount = quantity * sale.price;
    expect(logged).toMatchObject({
      orderId: `${skuId}-${orderUlid}`,
      userId: user,
      quantity,
      amount,
    });
    expect(payBy).toBe(createdAt + PAYMENT_WINDOW_MS);
    const known = await readKnownOrder({ redis }, { skuId, ulid: orderUlid });
    expect(known?.status).toBe(status);
    expect(known && packOrder(known.order)).toBe(
      [user, quantity, amount, createdAt, payBy, 1, index + 1].join(' '),
    );
    const [batch = ''] = await batchesOf(redis, skuId, [orderUlid]);
    due.set(batch, (due.get(batch) ?? dueScore(payBy, 0)) + 1);
  }
  expect(new Map(pending)).toEqual(due);
  // The relay empties the outbox, the writer gives statuses a lifetime, the closing sweeps counts.
  const permanent = [
    ...model.orders().map((order) => inventoryKeys.orderStatus({ skuId, ulid: order.ulid })),
    ...new Set(model.orders().map(({ user }) => inventoryKeys.userPurchase(skuId, user))),
    ...(model.orders().length === 0 ? [] : [inventoryKeys.outbox(skuId)]),
  ];
  expect(await keysWithoutLifetime(redis, skuId)).toEqual(permanent.sort());
  await redis.del(...(await redis.keys(`*{${skuId}}*`)));
}

describe('reserve, batch by batch', () => {
  const buy = (user: string, quantity = 1): Purchase => ({ ulid: ulid(), user, quantity });
  const words = (answers: string[]) => answers.map((answer) => answer.split(' ')[0]);

  it('counts a user who stands twice in one batch twice', async () => {
    const sale = newSale({ limit: 2 });
    await load(redis, sale);
    const { answers } = await reserve(redis, sale, [buy('a'), buy('a'), buy('a'), buy('b')]);
    expect(words(answers)).toEqual(['reserved', 'reserved', 'limit_reached', 'reserved']);
  });

  it('takes one unit for an order id that stands twice in one batch', async () => {
    const sale = newSale({ limit: 5 });
    await load(redis, sale);
    const order = buy('a', 2);
    const { answers, sequence } = await reserve(redis, sale, [order, order]);
    expect(words(answers)).toEqual(['reserved', 'known']);
    expect(sequence).toBe(1);
    expect(await redis.get(inventoryKeys.stock(sale.skuId))).toBe('3');
    expect(words((await reserve(redis, sale, [order])).answers)).toEqual(['known']);
  });

  it('gives the last unit to the first who asks, and a smaller wish behind a larger one its unit', async () => {
    const sale = newSale({ stock: 3, limit: 3 });
    await load(redis, sale);
    const { answers } = await reserve(redis, sale, [buy('a', 2), buy('b', 2), buy('c'), buy('d')]);
    expect(words(answers)).toEqual(['reserved', 'sold_out', 'reserved', 'sold_out']);
    expect(await redis.get(inventoryKeys.stock(sale.skuId))).toBe('0');
  });

  it('answers a known order whatever stands in the way', async () => {
    const sale = newSale();
    await load(redis, sale);
    const order = buy('a');
    await reserve(redis, sale, [order]);
    const changes = { fence: 'x', paused: '1', endAt: '1', epoch: '9', id: 'another' };
    await redis.hset(inventoryKeys.activity(sale.skuId), changes);
    const { answers } = await reserve(redis, sale, [order, buy('b')], { seen: 99 });
    expect(answers[0]).toMatch(/^known PENDING a 1 700 \d+ \d+ 1 1$/);
    expect(answers[1]).toBe('fenced closed');
  });

  it('carries each purchase’s trace into its own event', async () => {
    const sale = newSale();
    await load(redis, sale);
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    await reserve(redis, sale, [buy('a'), { ...buy('b'), traceparent }]);
    const [entry] = await redis.xrange(inventoryKeys.outbox(sale.skuId), '-', '+');
    const lane = { skuId: sale.skuId, activityId: sale.activityId, currency: 'USD' };
    const events = parseOutboxEntry(lane, entry?.[0] ?? '', entry?.[1] ?? []);
    expect(events.map((event) => event.traceparent)).toEqual([undefined, traceparent]);
  });

  it('is not loaded where any counter is missing, never sold out', async () => {
    for (const counter of [inventoryKeys.stock, inventoryKeys.sold, inventoryKeys.sequence]) {
      const sale = newSale();
      await load(redis, sale);
      await redis.del(counter(sale.skuId));
      expect((await reserve(redis, sale, [buy('a')])).answers).toEqual(['not_loaded missing']);
      expect(await redis.exists(inventoryKeys.outbox(sale.skuId))).toBe(0);
    }
    expect((await reserve(redis, newSale(), [buy('a')])).answers).toEqual(['not_loaded missing']);
  });

  it('takes the most units at once, and writes the largest amount in digits', async () => {
    const sale = newSale({ stock: 100, limit: 100, price: 10 ** 12 });
    await load(redis, sale);
    const { answers } = await reserve(redis, sale, [buy('a', 100)]);
    expect(answers[0]).toMatch(/^reserved a 100 100000000000000 \d+ \d+ 1 1$/);
    const { stock, sold, userPurchase } = inventoryKeys;
    const keys = [stock(sale.skuId), sold(sale.skuId), userPurchase(sale.skuId, 'a')];
    expect(await redis.mget(keys)).toEqual(['0', '100', '100']);
  });

  it('takes a batch of 64 for 64 users', async () => {
    const sale = newSale({ stock: 60, limit: 1 });
    await load(redis, sale);
    const batch = Array.from({ length: 64 }, (_, user) => buy(`u${user}`));
    const { answers, sequence } = await reserve(redis, sale, batch);
    expect(sequence).toBe(60);
    expect(words(answers).slice(60)).toEqual(Array(4).fill('sold_out'));
    expect(await redis.xlen(inventoryKeys.outbox(sale.skuId))).toBe(1);
  });

  it('keeps its orders 16 to a text', async () => {
    const sale = newSale({ stock: 50, limit: 1 });
    await load(redis, sale);
    const purchases = Array.from({ length: 50 }, (_, user) => buy(`u${user}`));
    const { answers } = await reserve(redis, sale, purchases);
    for (const [at, { ulid: one, user: userId }] of purchases.entries()) {
      const known = await readKnownOrder({ redis }, { skuId: sale.skuId, ulid: one });
      expect(known).toMatchObject({ status: 'PENDING', order: { userId, seq: at + 1 } });
    }
    const again = await reserve(redis, sale, purchases);
    expect(again.answers).toEqual(answers.map((one) => one.replace('reserved', 'known PENDING')));
    // What was read first may be of before the order was moved.
    const [first] = purchases;
    const parts = { skuId: sale.skuId, ulid: first?.ulid ?? '' };
    const places = ` 1-17:${parts.ulid.slice(-2)}`;
    const found = await knownOrder(redis, parts, { status: 'PENDING', places });
    expect(found).toMatchObject({ order: { userId: first?.user } });
    const texts = await redis.hgetall(inventoryKeys.orders(sale.skuId));
    const sizes = Object.entries(texts)
      .filter(([field]) => isBatchField(field))
      .map(([id, text]) => `${id}: ${ordersIn(text).size}`);
    expect(sizes.toSorted()).toEqual(['1-17: 16', '1-1: 16', '1-33: 16', '1-49: 2'].toSorted());
    const scores = await redis.zrange(inventoryKeys.pending(sale.skuId), '0', '-1', 'WITHSCORES');
    const due = new Map(scores.map((id, at) => [id, Number(scores[at + 1]) % dueScore(1, 0)]));
    expect(['1-1', '1-17', '1-33', '1-49'].map((id) => due.get(id))).toEqual([16, 16, 16, 2]);
    const facts = inventoryKeys.activity(sale.skuId);
    expect(await redis.hmget(facts, 'pending', 'batches')).toEqual(['50', '4']);
  });
});
