// The watcher sees each quantity that was changed behind the scripts' back, says which, and the
// rebuild mends it; of a healthy sale it says nothing, whatever lags.
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inventoryKeys } from '../../../shared/keys.ts';
import { mintUlid, orderIdOf, parseOrderId } from '../../../shared/order-id.ts';
import { type Breach, watchStock } from '../../fence/watcher.ts';
import { luaScript } from '../../redis/lua.ts';
import { pipelined } from '../../redis/pipelined.ts';
import type { Store } from '../../store/store.ts';
import { type Sale, SOON } from '../reserve/shop-front.ts';
import { countersOf } from './audit.ts';
import { FenceWorld } from './fence-world.ts';

const STOCK = 400;
let world: FenceWorld;
let sale: Sale;
let breaches: Breach[];
let watching: AbortController;
let database: Promise<void>;
let watch: Promise<void>;

beforeEach(async () => {
  world = await FenceWorld.open();
  await world.startWriting();
  sale = await world.openSale({ stock: STOCK, capacity: 1, limitPerUser: 5 });
  breaches = [];
  watching = new AbortController();
  const { link, store } = world.dependencies;
  database = Promise.resolve();
  // As a database is that stands still: it answers when it goes on.
  const liveActivities = () => database.then(() => store.liveActivities());
  const requestFence: Store['requestFence'] = (asked) =>
    database.then(() => store.requestFence(asked));
  const slow = { ...store, liveActivities, requestFence };
  watch = watchStock(
    { job: 'watcher', term: 1, signal: watching.signal },
    {
      ...{ link, store: slow, registry: world.registry, script: luaScript('watch-stock') },
      onBreach: (_activity, breach) => breaches.push(breach),
      onError: (error) => world.errors.push(error),
    },
  );
});
afterEach(async () => {
  watching.abort();
  await watch;
  await world.close();
});

const { stock, sold, sequence, pending, activity, orderStatus } = inventoryKeys;

async function buyThree(): Promise<string[]> {
  for (const userId of ['ann', 'bob', 'cid']) await world.buy(sale, userId);
  await world.untilApplied(sale, { epoch: 1, seq: 3 });
  const rows = await world.dependencies.store.ordersPage({
    ...{ activityId: sale.activityId, afterOrderId: '', limit: 10 },
  });
  return rows.map(({ orderId }) => parseOrderId(orderId)?.ulid ?? '');
}

type Corruption = (skuId: string, ulids: readonly string[]) => Promise<unknown>;
const client = () => world.redis.client;
const AT_ONCE: readonly (readonly [Breach, string, Corruption])[] = [
  ['total', 'a unit too many', (skuId) => client().incr(stock(skuId))],
  ['total', 'a unit sold less', (skuId) => client().decr(sold(skuId))],
  ['total', 'another total', (skuId) => client().hincrby(activity(skuId), 'total', 1)],
  ['negative', 'less than nothing', (skuId) => client().set(stock(skuId), '-1')],
  ['counters-missing', 'no stock', (skuId) => client().del(stock(skuId))],
  ['counters-missing', 'a word for a number', (skuId) => client().set(sold(skuId), 'many')],
  [
    'pending-count',
    'an order nobody calls due',
    (skuId) => client().zremrangebyrank(pending(skuId), 0, 0),
  ],
  ['pending-count', 'an order too many due', (skuId) => client().zadd(pending(skuId), 1, 'x')],
  ['pending-count', 'no count', (skuId) => client().hdel(activity(skuId), 'batches')],
  ['pending-count', 'another count', (skuId) => client().hincrby(activity(skuId), 'pending', -1)],
  [
    'pending-sample',
    'a status changed alone',
    (skuId, [ulid = '']) => client().set(orderStatus({ skuId, ulid }), 'PAID 1-1'),
  ],
  [
    'pending-count',
    'one of a batch too many due',
    (skuId) => client().zincrby(pending(skuId), 1, '1-1'),
  ],
  [
    'pending-sample',
    'one of a batch too many due, counted so',
    (skuId) =>
      pipelined(
        client().multi().zincrby(pending(skuId), 1, '1-1').hincrby(activity(skuId), 'pending', 1),
      ),
  ],
];
const THIRD_TIME: readonly (readonly [Breach, string, Corruption])[] = [
  ['applied-ahead', 'events lost', (skuId) => client().decr(sequence(skuId))],
  [
    'sold-differs',
    'a unit sold that nobody bought',
    (skuId) => pipelined(client().pipeline().decr(stock(skuId)).incr(sold(skuId))),
  ],
  [
    'stock-differs',
    'a unit that nobody ordered',
    (skuId) => pipelined(client().multi().incr(stock(skuId)).hincrby(activity(skuId), 'total', 1)),
  ],
];

/** The moment at which Redis refuses to sell; and that the reason is told. */
async function expectFenced(breach: Breach, withinMs: number): Promise<void> {
  const isClosed = async () => (await client().hget(activity(sale.skuId), 'fence')) !== '';
  const reason = async () => (await world.row(sale)).fenceReason;
  const within = { timeout: withinMs, interval: 20 };
  if (withinMs <= 1_000) await expect.poll(isClosed, within).toBe(true);
  await expect.poll(reason, within).toBe(`watcher: ${breach}`);
  expect(breaches).toContain(breach);
}

async function expectMended(): Promise<void> {
  await world.lead(1);
  await expect.poll(async () => (await world.row(sale)).epoch, SOON).toBe(2);
  expect(await world.buyAtLast(sale, 'dan')).toMatchObject({ kind: 'reserved' });
  expect(await countersOf(client(), sale)).toEqual({ left: STOCK - 4, sold: 4 });
  await world.untilApplied(sale, { epoch: 2, seq: 1 });
  const before = breaches.length;
  await pause(LOOKS_MS);
  expect(breaches).toHaveLength(before);
}
const LOOKS_MS = 1_200;

describe('what Redis alone proves wrong is fenced within a second', () => {
  it.each(AT_ONCE)('%s: %s', async (breach, _what, corrupt) => {
    const ulids = await buyThree();
    await corrupt(sale.skuId, ulids);
    await expectFenced(breach, 1_000);
    await expectMended();
  });
});

it('is fenced within a second while the database stands still, one sale as well as the next', async () => {
  const other = await world.openSale({ stock: STOCK });
  const isClosed = ({ skuId }: Sale) => client().hget(activity(skuId), 'fence');
  const { promise, resolve } = Promise.withResolvers<void>();
  database = promise;
  // A look that had its answer before is over.
  await pause(LOOKS_MS);
  for (const { skuId } of [sale, other]) {
    await client().incr(stock(skuId));
    const within = { timeout: 1_000, interval: 20 };
    await expect.poll(() => isClosed({ ...sale, skuId }), within).toBe('watcher total');
  }
  resolve();
  await expect.poll(async () => (await world.row(other)).fenceReason, SOON).toBe('watcher: total');
  expect(breaches).toEqual(['total', 'total']);
});

describe('what differs from the database is fenced at the third look', () => {
  it.each(THIRD_TIME)('%s: %s', async (breach, _what, corrupt) => {
    const ulids = await buyThree();
    await corrupt(sale.skuId, ulids);
    await expectFenced(breach, 3_000);
    await expectMended();
  });
});

/** The most events that the database was behind by, as the watcher reads it. */
async function watchLag(signal: AbortSignal): Promise<number> {
  let most = 0;
  while (!signal.aborted) {
    const { applied } = await world.row(sale);
    const last = Number(await client().get(sequence(sale.skuId)));
    most = Math.max(most, last - applied.seq);
    await pause(50);
  }
  return most;
}

/** Reserves, and lets each order be paid or cancelled, as fast as it is answered. */
async function keepBuying(name: string, endsAt: number): Promise<number> {
  const { inventory } = world.selling;
  let count = 0;
  for (; Date.now() < endsAt; count += 1) {
    const ulid = mintUlid(Date.now());
    const outcome = await world.buy(sale, `${name}-${count}`, ulid);
    if (outcome.kind !== 'reserved') continue;
    const order = { activityId: sale.activityId, orderId: orderIdOf({ skuId: sale.skuId, ulid }) };
    const how = { reason: 'CANCELLED_BY_BUYER', countsAsLapse: false } as const;
    const isPaid = count % 50 === 0;
    await (isPaid ? inventory.settle(order) : inventory.release(order, how));
  }
  return count;
}

it('says nothing of a sale at full load, with the writer behind it', {
  timeout: 60_000,
}, async () => {
  const looking = new AbortController();
  const lag = watchLag(looking.signal);
  const endsAt = Date.now() + 4_000;
  const buyers = Array.from({ length: 64 }, (_, name) => keepBuying(`user-${name}`, endsAt));
  const counts = await Promise.all(buyers);
  const count = counts.reduce((sum, one) => sum + one, 0);
  looking.abort();
  // Otherwise it would prove less than it says.
  expect(count).toBeGreaterThan(1_000);
  expect(await lag).toBeGreaterThan(100);
  expect((await world.row(sale)).fenceEpoch).toBe(0);
  const last = Number(await client().get(sequence(sale.skuId)));
  await world.untilApplied(sale, { epoch: 1, seq: last });
  await pause(LOOKS_MS);
  expect(breaches).toEqual([]);
  expect(world.errors).toEqual([]);
});
