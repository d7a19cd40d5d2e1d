// Two activities of one SKU, one after the other: the first leaves nothing behind, whatever dies in
// between, and what still happens to its orders touches the database only.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { placeText } from '../../../lua/place-text.ts';
import { edgeKeys, inventoryKeys } from '../../../shared/keys.ts';
import { mintUlid, orderIdOf } from '../../../shared/order-id.ts';
import { type ClosingOptions, runClosing } from '../../closing/closing.ts';
import { sweepKeys } from '../../closing/sweep.ts';
import { loadFacts } from '../../fence/load-facts.ts';
import { stockKeys } from '../../inventory/stock-keys.ts';
import { createNudge } from '../../nudge.ts';
import { luaScript } from '../../redis/lua.ts';
import type { Script } from '../../redis/script.ts';
import { FenceWorld } from '../fence/fence-world.ts';
import type { Sale } from '../reserve/shop-front.ts';
import { termsOf } from '../store/stores.ts';

const HOUR_MS = 3_600_000;
const WAIT = { timeout: 20_000, interval: 20 };
const userKey = (userId: string): string => userId;

let world: FenceWorld;
beforeAll(async () => {
  world = await FenceWorld.open();
  await world.startWriting();
});
afterAll(() => world.close());

const names = [
  'beginClosing',
  'reopen',
  'sweep',
  'setStatus',
] as const satisfies readonly (keyof ClosingOptions['scripts'])[];
const FILES = {
  ...{ beginClosing: 'begin-closing', reopen: 'reopen', sweep: 'sweep' },
  setStatus: 'set-status',
} as const;

function scriptsThrough(wrap: (script: Script) => Script): ClosingOptions['scripts'] {
  const [beginClosing, reopen, sweep, setStatus] = names.map((name) =>
    wrap(luaScript(FILES[name])),
  );
  if (!beginClosing || !reopen || !sweep || !setStatus) throw new Error('a script is missing');
  return { beginClosing, reopen, sweep, setStatus };
}

/** Runs the job until `isDone`, or until it has failed once. */
async function close(isDone: () => Promise<boolean>, changes: Partial<ClosingOptions> = {}) {
  const leading = new AbortController();
  const { store, link, edgeRedis } = world.dependencies;
  const waits: string[] = [];
  let hasFailed = false;
  const job = runClosing(
    { job: 'close', term: 1, signal: leading.signal },
    {
      ...{ store, inventory: link, edgeRedis, userKey, registry: world.registry },
      ...{ nudge: createNudge(), scripts: scriptsThrough((script) => script) },
      onClosed: () => undefined,
      onWaiting: (_row, why) => waits.push(why),
      onError() {
        hasFailed = true;
      },
      ...changes,
    },
  );
  await expect.poll(async () => hasFailed || (await isDone()), WAIT).toBe(true);
  leading.abort();
  await job;
  return { hasFailed, waits };
}

const isClosed = (sale: Sale) => async () => (await world.row(sale)).state === 'CLOSED';

/** One paid, one given back, one reserved and let go; ended, with places and clock of a line. */
async function sellAndEnd(): Promise<{ sale: Sale; paid: string }> {
  const { inventory } = world.selling;
  const sale = await world.openSale({ stock: 5, limitPerUser: 1 });
  const [paid, expired, cancelled] = [0, 1, 2].map(() => mintUlid(Date.now()));
  const idOf = (ulid = '') => orderIdOf({ skuId: sale.skuId, ulid });
  for (const [user, ulid] of [
    ['ann', paid],
    ['bob', expired],
    ['cem', cancelled],
  ] as const) {
    expect(await world.buy(sale, user, ulid)).toMatchObject({ kind: 'reserved' });
  }
  const { activityId } = sale;
  await inventory.settle({ activityId, orderId: idOf(paid) });
  const order = { activityId, orderId: idOf(expired) };
  await inventory.release(order, { reason: 'EXPIRED', countsAsLapse: true });
  const other = { activityId, orderId: idOf(cancelled) };
  await inventory.release(other, { reason: 'CANCELLED_BY_BUYER', countsAsLapse: false });
  const { edgeRedis } = world.dependencies;
  await edgeRedis.hset(edgeKeys.lineClock(sale.skuId), { activityId });
  await edgeRedis.set(edgeKeys.place(sale.skuId, 'ann'), 'a place');
  const entered = { ulid: paid ?? '', turn: 1, until: 2, enteredAt: 3 };
  await edgeRedis.set(edgeKeys.place(sale.skuId, 'bob'), placeText(activityId, entered));
  await edgeRedis.hset(edgeKeys.devicePlaces(sale.skuId, 'abcdef'), { device: 'ann' });
  await edgeRedis.set(edgeKeys.cadence(sale.skuId, 'ann'), '1');
  await edgeRedis.rpush(edgeKeys.came(sale.skuId), '1');
  const { store } = world.dependencies;
  const { version } = await world.row(sale);
  const now = Date.now();
  const end = { action: 'end', actor: 'ada', now, members: { endAt: now - 1 } } as const;
  expect(await store.changeActivity({ activityId, version, ...end })).toMatchObject({
    kind: 'changed',
  });
  await world.registry.refresh();
  return { sale, paid: idOf(paid) };
}

/** What stands of a SKU, statuses and kept places of its orders apart: they stay to be asked for. */
async function keysOf({ skuId }: Sale): Promise<string[]> {
  const { link, edgeRedis } = world.dependencies;
  const found = [...(await link.redis.keys('*')), ...(await edgeRedis.keys('*'))];
  const kept = edgeKeys.place(skuId, 'bob');
  const lasting = found.filter((key) => !key.startsWith('order_status:') && key !== kept);
  return lasting.filter((key) => key.includes(`{${skuId}}`));
}

async function loadNext({ skuId }: Sale): Promise<Sale> {
  const { store, link } = world.dependencies;
  const now = Date.now();
  const times = { entryOpensAt: now - 1, startAt: now - 1, endAt: now + HOUR_MS };
  const activityId = mintUlid(now);
  const terms = termsOf({ skuId, ...times, limitPerUser: 1 });
  expect(await store.insertActivity({ activityId, terms, now })).toMatchObject({
    kind: 'inserted',
  });
  const marked = await store.markLoaded({ activityId, runId: link.runId(skuId) ?? '' });
  if (marked.kind !== 'loaded') throw new Error('was not loaded');
  const facts = loadFacts(marked.activity, marked.activity.epoch);
  expect(await luaScript('load').run(link.redis, stockKeys(skuId).slice(0, 7), facts)).toBe(
    'loaded',
  );
  await world.registry.refresh();
  return { skuId, activityId };
}

it('the next activity sells from nothing, and late events of the former touch the database only', async () => {
  const { sale, paid } = await sellAndEnd();
  const { store, edgeRedis, link } = world.dependencies;
  const terms = termsOf({ skuId: sale.skuId, startAt: Date.now(), endAt: Date.now() + HOUR_MS });
  const tooEarly = { activityId: mintUlid(1), terms, now: Date.now() };
  expect(await store.insertActivity(tooEarly)).toMatchObject({ kind: 'former-activity-open' });

  await close(isClosed(sale));
  expect(await keysOf(sale)).toEqual([]);
  const kept = edgeKeys.place(sale.skuId, 'bob');
  expect(await edgeRedis.get(kept)).toMatch(new RegExp(`=${sale.activityId}$`));
  expect(await edgeRedis.pttl(kept)).toBeGreaterThan(HOUR_MS);
  const next = await loadNext(sale);
  expect(await world.buy(next, 'ann')).toMatchObject({ kind: 'reserved' });

  const before = await link.redis.hgetall(inventoryKeys.activity(sale.skuId));
  const counters = () => link.redis.mget(stockKeys(sale.skuId).slice(1, 4));
  const counted = await counters();
  const late = { activityId: sale.activityId, orderId: paid };
  const { inventory } = world.selling;
  expect(await inventory.settle(late)).toEqual({ kind: 'not-loaded' });
  const how = { reason: 'REFUNDED', countsAsLapse: false } as const;
  expect(await inventory.release(late, how)).toEqual({ kind: 'not-loaded' });
  expect(await counters()).toEqual(counted);
  expect(await link.redis.hgetall(inventoryKeys.activity(sale.skuId))).toEqual(before);

  // A leader that slept through all of it.
  await edgeRedis.hset(edgeKeys.lineClock(next.skuId), { activityId: next.activityId });
  const standing = await keysOf(next);
  const script = luaScript('sweep');
  const { signal } = new AbortController();
  const sweep = { inventory: link.redis, edgeRedis, store, script, userKey, signal };
  expect(await sweepKeys(sweep, sale)).toBe(false);
  expect(await keysOf(next)).toEqual(standing);
});

it('a clock that a round of the line writes behind the sweep goes, too', async () => {
  const { sale } = await sellAndEnd();
  const { activityId, skuId } = sale;
  const { edgeRedis } = world.dependencies;
  let written: Promise<unknown> | undefined;
  const isGone = async (): Promise<boolean> => {
    await written;
    return written !== undefined && (await keysOf(sale)).length === 0;
  };
  await close(isGone, {
    onClosed() {
      const clock = edgeRedis.hset(edgeKeys.lineClock(skuId), { activityId });
      const bucket = edgeRedis.set(edgeKeys.tokenBucket(skuId), '1');
      written = Promise.all([clock, bucket]);
    },
  });
});

it('what is pending, or not yet in the database, is waited for', async () => {
  const sale = await world.openSale({ stock: 5 });
  const ulid = mintUlid(Date.now());
  await world.buy(sale, 'dan', ulid);
  const { activityId } = sale;
  const { store } = world.dependencies;
  const { version } = await world.row(sale);
  const now = Date.now();
  const end = { action: 'end', actor: 'ada', now, members: { endAt: now - 1 } } as const;
  await store.changeActivity({ activityId, version, ...end });
  await world.registry.refresh();
  await world.untilApplied(sale, { epoch: 1, seq: 1 });
  const { waits } = await close(async () => true);
  expect(waits.every((why) => why.startsWith('busy'))).toBe(true);
  expect((await world.row(sale)).state).toBe('LOADED');
  const orderId = orderIdOf({ skuId: sale.skuId, ulid });
  await world.selling.inventory.settle({ activityId, orderId });
  await close(isClosed(sale));
  expect(await keysOf(sale)).toEqual([]);
});

it('a crash at any step is made good by the next leader', async () => {
  for (let step = 1; ; step += 1) {
    const { sale } = await sellAndEnd();
    let calls = 0;
    // Every other crash comes when Redis has done what it was asked.
    const crash = (script: Script): Script => ({
      ...script,
      async run(...args) {
        calls += 1;
        if (calls === step && step % 2 === 0) await script.run(...args);
        if (calls === step) throw new Error('the leader died');
        return await script.run(...args);
      },
    });
    const { hasFailed } = await close(isClosed(sale), { scripts: scriptsThrough(crash) });
    await world.lead(step);
    await close(isClosed(sale));
    await world.stopLeading();
    expect(await keysOf(sale)).toEqual([]);
    if (!hasFailed) break;
    expect(step).toBeLessThan(20);
  }
}, 120_000);
