// The watcher sees each quantity that was changed behind the scripts' back, says which, and the
// rebuild mends it; of a healthy sale it says nothing, whatever lags.
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inventoryKeys } from '../../../shared/keys.ts';
import { mintUlid, orderIdOf, parseOrderId } from '../../../shared/order-id.ts';
import { type Breach, watchStock } from '../../fence/watcher.ts';
import { luaScript } from '../../redis/lua.ts';
import { pipelined } from '../../redis/pipelined.ts';
import type { Script } from '../../redis/script.ts';
import type { Store } from '../../store/store.ts';
import { ownMsOf } from '../own-time.ts';
import { type Sale, SOON } from '../reserve/shop-front.ts';
import { countersOf } from './audit.ts';
import { FenceWorld } from './fence-world.ts';

const STOCK = 400;
let world: FenceWorld;
let sale: Sale;
let breaches: Breach[];
/** Looks at each SKU that have begun; and how many had begun when a fence was closed. */
let looks: Map<string, number>;
let fencedAt: Map<string, number>;
/** Looks that may have gone without the database, which answered them late. */
let looksInVain: number;
let watching: AbortController;
let database: Promise<void>;
let watch: Promise<void>;

beforeEach(async () => {
  world = await FenceWorld.open();
  await world.startWriting();
  sale = await world.openSale({ stock: STOCK, capacity: 1, limitPerUser: 5 });
  breaches = [];
  looks = new Map();
  fencedAt = new Map();
  looksInVain = 0;
  watching = new AbortController();
  const { link, store } = world.dependencies;
  database = Promise.resolve();
  // As a database is that stands still: it answers when it goes on.
  async function liveActivities() {
    const askedAt = performance.now();
    await database;
    const rows = await store.liveActivities();
    const tookMs = performance.now() - askedAt;
    if (tookMs > SURELY_IN_TIME_MS) looksInVain += Math.ceil(tookMs / LOOK_MS);
    return rows;
  }
  const requestFence: Store['requestFence'] = (asked) =>
    database.then(() => store.requestFence(asked));
  const slow = { ...store, liveActivities, requestFence };
  watch = watchStock(
    { job: 'watcher', term: 1, signal: watching.signal },
    {
      ...{ link, store: slow, registry: world.registry, script: counted(luaScript('watch-stock')) },
      onBreach({ skuId }, breach) {
        breaches.push(breach);
        if (!fencedAt.has(skuId)) fencedAt.set(skuId, looksAt(skuId));
      },
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
const looksAt = (skuId: string): number => looks.get(skuId) ?? 0;

function counted(script: Script): Script {
  return {
    ...script,
    run(redis, keys, args) {
      const skuId = /{(.*)}/.exec(keys[0] ?? '')?.[1] ?? '';
      looks.set(skuId, looksAt(skuId) + 1);
      return script.run(redis, keys, args);
    },
  };
}

async function untilLookedAt(skuId: string, times: number): Promise<void> {
  const wanted = looksAt(skuId) + times;
  await expect.poll(() => looksAt(skuId), SOON).toBeGreaterThanOrEqual(wanted);
}

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

/** Redis refuses to sell at the latest at this look behind now, and the reason is told. */
async function expectFenced(breach: Breach, atLook: number): Promise<void> {
  const [begun, before] = [looksAt(sale.skuId), looksInVain];
  const reason = async () => (await world.row(sale)).fenceReason;
  await expect.poll(reason, SOON).toBe(`watcher: ${breach}`);
  expect(new Set(breaches)).toEqual(new Set([breach]));
  // Without the database a look compares Redis with itself alone.
  const inVain = atLook === 1 ? 0 : looksInVain - before;
  expect((fencedAt.get(sale.skuId) ?? 0) - begun).toBeLessThanOrEqual(atLook + inVain);
}

async function expectMended(atLook: number): Promise<void> {
  await world.lead(1);
  await expect.poll(async () => (await world.row(sale)).epoch, SOON).toBe(2);
  expect(await world.buyAtLast(sale, 'dan')).toMatchObject({ kind: 'reserved' });
  expect(await countersOf(client(), sale)).toEqual({ left: STOCK - 4, sold: 4 });
  await world.untilApplied(sale, { epoch: 2, seq: 1 });
  const before = breaches.length;
  await untilLookedAt(sale.skuId, atLook + 1);
  expect(breaches).toHaveLength(before);
}
const LOOK_MS = 500;
/** Below what a look waits for the database. */
const SURELY_IN_TIME_MS = 150;
/** More than it takes to be fenced for what differs from the database. */
const SEVERAL = 4;
const LOAD_WITHIN_MS = 40_000;

/** At least one a second. */
async function expectSeveralLooks(): Promise<void> {
  const tookMs = await ownMsOf(() => untilLookedAt(sale.skuId, SEVERAL));
  expect(tookMs).toBeLessThan(SEVERAL * 1_000);
}

it('looks more than once in a second', expectSeveralLooks);

describe('what Redis alone proves wrong is fenced at the next look', () => {
  it.each(AT_ONCE)('%s: %s', async (breach, _what, corrupt) => {
    const ulids = await buyThree();
    await corrupt(sale.skuId, ulids);
    await expectFenced(breach, 1);
    await expectMended(1);
  });
});

it('looks on while the database stands still, at one sale as well as at the next', async () => {
  const other = await world.openSale({ stock: STOCK });
  const { promise, resolve } = Promise.withResolvers<void>();
  database = promise;
  // A look that had its answer before is over.
  await untilLookedAt(other.skuId, 2);
  await expectSeveralLooks();
  for (const { skuId } of [sale, other]) {
    await client().incr(stock(skuId));
    const begun = looksAt(skuId);
    const fence = () => client().hget(activity(skuId), 'fence');
    await expect.poll(fence, SOON).toBe('watcher total');
    await expect.poll(() => fencedAt.get(skuId), SOON).toBeLessThanOrEqual(begun + 1);
  }
  resolve();
  await expect.poll(async () => (await world.row(other)).fenceReason, SOON).toBe('watcher: total');
  expect(breaches).toEqual(['total', 'total']);
});

describe('what differs from the database is fenced at the third look', () => {
  it.each(THIRD_TIME)('%s: %s', async (breach, _what, corrupt) => {
    const ulids = await buyThree();
    await corrupt(sale.skuId, ulids);
    await expectFenced(breach, 3);
    await expectMended(3);
  });
});

/** The most events that the database was behind by, as the watcher reads it. */
function watchLag(signal: AbortSignal) {
  let most = 0;
  async function look(): Promise<void> {
    while (!signal.aborted) {
      const { applied } = await world.row(sale);
      const last = Number(await client().get(sequence(sale.skuId)));
      most = Math.max(most, last - applied.seq);
      await pause(50);
    }
  }
  return { most: () => most, over: look() };
}

/** Reserves, and lets each order be paid or cancelled, as fast as it is answered. */
async function keepBuying(name: string, { isEnough, onOrder }: Load): Promise<void> {
  const { inventory } = world.selling;
  for (let count = 0; !isEnough(); count += 1) {
    const ulid = mintUlid(Date.now());
    const outcome = await world.buy(sale, `${name}-${count}`, ulid);
    if (outcome.kind !== 'reserved') continue;
    onOrder();
    const order = { activityId: sale.activityId, orderId: orderIdOf({ skuId: sale.skuId, ulid }) };
    const how = { reason: 'CANCELLED_BY_BUYER', countsAsLapse: false } as const;
    const isPaid = count % 50 === 0;
    await (isPaid ? inventory.settle(order) : inventory.release(order, how));
  }
}
interface Load {
  readonly isEnough: () => boolean;
  readonly onOrder: () => void;
}

it('says nothing of a sale at full load, with the writer behind it', async () => {
  const looking = new AbortController();
  const lag = watchLag(looking.signal);
  const givesUpAt = Date.now() + LOAD_WITHIN_MS;
  let orders = 0;
  // Less would prove less than it says; how long it takes is the machine's affair.
  const isEnough = () =>
    (orders > 1_000 && lag.most() > 100 && looksAt(sale.skuId) > 2 * SEVERAL) ||
    Date.now() > givesUpAt;
  const onOrder = () => {
    orders += 1;
  };
  const buyers = Array.from({ length: 64 }, (_, name) =>
    keepBuying(`user-${name}`, { isEnough, onOrder }),
  );
  await Promise.all(buyers);
  looking.abort();
  await lag.over;
  expect(orders).toBeGreaterThan(1_000);
  expect(lag.most()).toBeGreaterThan(100);
  expect((await world.row(sale)).fenceEpoch).toBe(0);
  const last = Number(await client().get(sequence(sale.skuId)));
  await world.untilApplied(sale, { epoch: 1, seq: last });
  await untilLookedAt(sale.skuId, SEVERAL);
  expect(breaches).toEqual([]);
  expect(world.errors).toEqual([]);
});
