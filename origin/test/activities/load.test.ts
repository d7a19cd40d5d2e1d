// The job `load` against a real Redis and a real database.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inventoryKeys } from '../../../shared/keys.ts';
import { mintUlid } from '../../../shared/order-id.ts';
import { type LoadOutcome, runLoad } from '../../activities/load.ts';
import { type ActivityRegistry, startRegistry } from '../../activities/registry.ts';
import type { Lead } from '../../leadership/leadership.ts';
import { createNudge } from '../../nudge.ts';
import { connectInventory, type InventoryLink } from '../../redis/inventory-link.ts';
import { luaScript } from '../../redis/lua.ts';
import { openStore } from '../../store/open-store.ts';
import type { Store } from '../../store/store.ts';
import { ownMsOf } from '../own-time.ts';
import { type OwnRedis, startOwnRedis } from '../redis/own-redis.ts';
import { sqliteTarget, termsOf } from '../store/stores.ts';

let server: OwnRedis;
let inventory: InventoryLink;
let store: Store;
let registry: ActivityRegistry;
const outcomes: { activityId: string; kind: LoadOutcome['kind'] }[] = [];
const errors: unknown[] = [];
const nudge = createNudge();
const leading = new AbortController();
let job: Promise<void>;

beforeAll(async () => {
  server = await startOwnRedis();
  const { host, port } = server;
  inventory = await connectInventory({ host, port, name: 'load', commandTimeoutMs: 2_000 });
  store = await openStore(sqliteTarget());
  registry = await startRegistry(store, (error) => errors.push(error));
  const lead: Lead = { job: 'load', term: 1, signal: leading.signal };
  job = runLoad(lead, {
    store,
    registry,
    inventory,
    script: luaScript('load'),
    reviseScript: luaScript('revise'),
    sweepAbandoned: async () => false,
    loadAheadSeconds: 600,
    nudge,
    onOutcome: ({ activityId }, { kind }) => outcomes.push({ activityId, kind }),
    onError: (error) => errors.push(error),
  });
});
afterAll(async () => {
  leading.abort();
  await job;
  registry.close();
  inventory.close();
  await store.close();
  await server.stop();
});

const HOUR_MS = 3_600_000;
const PATIENT = { timeout: 20_000 };
const SOON = { startAt: 60_000, entryOpensAt: 60_000, endAt: HOUR_MS };

/** Times are relative to now. */
async function create(times: { startAt: number; entryOpensAt: number; endAt: number }) {
  const now = Date.now();
  const terms = termsOf({
    startAt: now + times.startAt,
    entryOpensAt: now + times.entryOpensAt,
    endAt: now + times.endAt,
  });
  const activityId = mintUlid(now);
  await store.insertActivity({ activityId, terms, now });
  return { activityId, skuId: terms.skuId };
}

async function wake(): Promise<void> {
  await registry.refresh();
  nudge.nudge();
}

const outcomesOf = (id: string) =>
  outcomes.filter(({ activityId }) => activityId === id).map(({ kind }) => kind);
const stockOf = (skuId: string) => inventory.redis.get(inventoryKeys.stock(skuId));

describe('load', () => {
  it('puts the stock of what starts soon into Redis, and the database names that server', async () => {
    const { activityId, skuId } = await create(SOON);
    await wake();
    await expect.poll(() => outcomesOf(activityId)).toEqual(['loaded']);
    expect(await stockOf(skuId)).toBe('100');
    const facts = await inventory.redis.hgetall(inventoryKeys.activity(skuId));
    expect(facts).toMatchObject({ id: activityId, epoch: '1', total: '100', fence: '' });
    const row = await store.findActivity(activityId);
    expect(row).toMatchObject({ state: 'LOADED', epoch: 1, runId: inventory.runId(skuId) });
    await expect.poll(() => registry.byId(activityId)?.state).toBe('LOADED');
  });

  it('sells within two seconds what should have started already', async () => {
    const { activityId } = await create({ startAt: -1_000, entryOpensAt: -1_000, endAt: HOUR_MS });
    await wake();
    const tookMs = await ownMsOf(() =>
      expect.poll(() => outcomesOf(activityId), PATIENT).toEqual(['loaded']),
    );
    expect(tookMs).toBeLessThan(2_000);
  });

  it('loads ahead of the opening of entries where that is earlier', async () => {
    const times = { startAt: 2 * HOUR_MS, entryOpensAt: -1, endAt: 3 * HOUR_MS };
    const { activityId } = await create(times);
    await wake();
    await expect.poll(() => outcomesOf(activityId)).toEqual(['loaded']);
  });

  it('leaves alone what starts later and what has ended', async () => {
    const later = await create({ startAt: HOUR_MS, entryOpensAt: HOUR_MS, endAt: 2 * HOUR_MS });
    const ended = await create({ startAt: -HOUR_MS, entryOpensAt: -HOUR_MS, endAt: -1 });
    const due = await create(SOON);
    await wake();
    await expect.poll(() => outcomesOf(due.activityId)).toEqual(['loaded']);
    expect([...outcomesOf(later.activityId), ...outcomesOf(ended.activityId)]).toEqual([]);
    expect(await stockOf(later.skuId)).toBeNull();
  });

  it('waits, and says so once, while keys of the SKU stand', async () => {
    const { activityId, skuId } = await create(SOON);
    await inventory.redis.set(inventoryKeys.sequence(skuId), '7');
    await wake();
    await expect.poll(() => outcomesOf(activityId)).toEqual(['occupied']);
    expect((await store.findActivity(activityId))?.state).toBe('SCHEDULED');
    await inventory.redis.del(inventoryKeys.sequence(skuId));
    await expect.poll(() => outcomesOf(activityId), PATIENT).toEqual(['occupied', 'loaded']);
  });

  it('goes on by itself when Redis was away, and marks nothing meanwhile', async () => {
    server.kill('SIGSTOP');
    const { activityId } = await create(SOON);
    await wake();
    await expect.poll(() => errors.length, PATIENT).toBeGreaterThan(0);
    expect((await store.findActivity(activityId))?.state).toBe('SCHEDULED');
    server.kill('SIGCONT');
    await expect.poll(() => outcomesOf(activityId), PATIENT).toEqual(['loaded']);
  });
});
