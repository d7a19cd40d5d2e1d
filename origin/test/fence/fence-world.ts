// Fence, rebuild and reservations put together as the origin does it, with leaders that a test
// starts, stops and wakes: a Redis of its own, a database, the relay and the writer between them.

import { setTimeout as pause } from 'node:timers/promises';
import { vi } from 'vitest';
import type { ActivityTerms } from '../../../shared/activity.ts';
import { inventoryKeys } from '../../../shared/keys.ts';
import { mintUlid } from '../../../shared/order-id.ts';
import { type ActivityRegistry, startRegistry } from '../../activities/registry.ts';
import { createMetrics } from '../../actuator/metrics.ts';
import { type Dependencies, openDependencies } from '../../dependencies.ts';
import { createDistrust } from '../../fence/distrust.ts';
import { loadFacts } from '../../fence/load-facts.ts';
import { type RebuildOptions, type RebuildScripts, rebuild } from '../../fence/rebuild.ts';
import { type FenceWatchOptions, type RebuildEvent, watchFences } from '../../fence/watch.ts';
import { openInventory, type Selling } from '../../inventory/open-inventory.ts';
import { type Pipeline, startPipeline } from '../../pipeline.ts';
import { luaScript } from '../../redis/lua.ts';
import { createReserver, type ReserveOutcome, type Reserver } from '../../reserve/reserver.ts';
import { createSeenSequences } from '../../reserve/seen.ts';
import { LIVE_DEFAULTS } from '../../settings/live-settings.ts';
import type { ActivityRow } from '../../store/store.ts';
import { quietLog } from '../quiet-log.ts';
import { configOf } from '../reserve/embedded-origin.ts';
import type { Sale } from '../reserve/shop-front.ts';
import { SOON } from '../reserve/shop-front.ts';
import { termsOf } from '../store/stores.ts';
import { type BreakableRedis, startBreakableRedis } from './breakable-redis.ts';

const loadScript = luaScript('load');
const HOUR_MS = 3_600_000;

export const rebuildScripts = (): RebuildScripts => ({
  closeFence: luaScript('close-fence'),
  appendEpoch: luaScript('append-epoch'),
  restoreStock: luaScript('restore-stock'),
  restoreOrders: luaScript('restore-orders'),
  forgetOrders: luaScript('forget-orders'),
  restoreUsers: luaScript('restore-users'),
  restoreLapses: luaScript('restore-lapses'),
  openFence: luaScript('open-fence'),
});

export class FenceWorld {
  readonly redis: BreakableRedis;
  readonly dependencies: Dependencies;
  readonly registry: ActivityRegistry;
  readonly selling: Selling;
  readonly rebuilds: RebuildEvent[] = [];
  readonly errors: unknown[] = [];
  readonly #reserver: Reserver;
  #pipeline: Pipeline | undefined;
  #leading = new AbortController();
  #watch: Promise<void> = Promise.resolve();

  private constructor(
    parts: Pick<FenceWorld, 'redis' | 'dependencies' | 'registry' | 'selling'> & {
      reserver: Reserver;
    },
  ) {
    this.redis = parts.redis;
    this.dependencies = parts.dependencies;
    this.registry = parts.registry;
    this.selling = parts.selling;
    this.#reserver = parts.reserver;
  }

  static async open(): Promise<FenceWorld> {
    const redis = await startBreakableRedis();
    const dependencies = await openDependencies(configOf(redis), quietLog);
    const registry = await startRegistry(dependencies.store, () => undefined);
    const reserver = reserverOf(dependencies, registry);
    const selling = openInventory({
      ...{
        dependencies,
        registry,
        seen: createSeenSequences(),
        userKey: (userId: string) => userId,
      },
      ...{ outboxLimit: 1_000_000, onError: () => undefined },
    });
    return new FenceWorld({ redis, dependencies, registry, selling, reserver });
  }

  /** Relay and writer begin; until then events stay in the outbox. */
  async startWriting(): Promise<void> {
    const { redis, dependencies, registry } = this;
    const config = configOf(redis);
    const metrics = createMetrics();
    this.#pipeline = await startPipeline({
      config,
      settings: { current: () => LIVE_DEFAULTS },
      inventory: this.selling.inventory,
      dependencies,
      registry,
      metrics,
      log: quietLog,
    });
  }

  /** A leader of this term watches the fences, with parts of the test's; the one before ends. */
  async lead(term: number, changes: Partial<FenceWatchOptions> = {}): Promise<void> {
    await this.stopLeading();
    this.#leading = new AbortController();
    const options = {
      ...this.rebuildParts(),
      onRebuild: (event: RebuildEvent) => this.rebuilds.push(event),
      onError: (error: unknown) => this.errors.push(error),
      ...changes,
    };
    this.#watch = watchFences(options, { job: 'rebuild', term, signal: this.#leading.signal });
  }

  async stopLeading(): Promise<void> {
    this.#leading.abort();
    await this.#watch;
  }

  rebuildParts(): Pick<RebuildOptions, 'link' | 'store' | 'scripts' | 'userKey'> {
    const { link, store } = this.dependencies;
    return { link, store, scripts: rebuildScripts(), userKey: (userId) => userId };
  }

  /** One rebuild by a leader of this term, parts of it replaced by the test's. */
  async rebuild(sale: Sale, changes: Partial<RebuildOptions> & { term: number }) {
    const activity = await this.row(sale);
    const { signal } = new AbortController();
    return await rebuild({ ...this.rebuildParts(), activity, signal, ...changes });
  }

  async openSale(changes: Partial<ActivityTerms> = {}): Promise<Sale> {
    const { sale, finish } = await this.beginLoad(changes);
    await finish();
    return sale;
  }

  /** A sale that the database calls loaded and the registry knows; `finish` sets its stock. */
  async beginLoad(changes: Partial<ActivityTerms> = {}) {
    const { store, link } = this.dependencies;
    const now = Date.now();
    const times = { entryOpensAt: now - 1_000, startAt: now - 1_000, endAt: now + HOUR_MS };
    const terms = termsOf({ ...times, ...changes });
    const sale = { skuId: terms.skuId, activityId: mintUlid(now) };
    await store.insertActivity({ activityId: sale.activityId, terms, now });
    const runId = link.runId(sale.skuId) ?? '';
    const marked = await store.markLoaded({ activityId: sale.activityId, runId });
    if (marked.kind !== 'loaded') throw new Error('the activity was not loaded');
    const { activity, stock, sold, sequence, outbox, pending } = inventoryKeys;
    const keys = [activity, stock, sold, sequence, outbox, pending].map((key) => key(sale.skuId));
    await this.registry.refresh();
    const facts = loadFacts(marked.activity, marked.activity.epoch);
    return { sale, finish: () => loadScript.run(link.redis, keys, facts) };
  }

  buy(sale: Sale, userId: string, ulid = mintUlid(Date.now())): Promise<ReserveOutcome> {
    return buyFrom(this.#reserver, sale, userId, ulid);
  }

  /** Asks again until the fence is open; the answer then. */
  async buyAtLast(
    sale: Sale,
    userId: string,
    ulid = mintUlid(Date.now()),
  ): Promise<ReserveOutcome> {
    const deadline = Date.now() + SOON.timeout;
    for (;;) {
      const outcome = await this.buy(sale, userId, ulid);
      const isOpen = !['fenced', 'away', 'not-loaded', 'ambiguous'].includes(outcome.kind);
      if (isOpen || Date.now() > deadline) return outcome;
      await pause(SOON.interval);
    }
  }

  async row({ activityId }: Sale): Promise<ActivityRow> {
    const row = await this.dependencies.store.findActivity(activityId);
    if (row === undefined) throw new Error('no such activity');
    return row;
  }

  async untilApplied(sale: Sale, applied: { epoch: number; seq: number }): Promise<void> {
    await vi.waitFor(async () => {
      const { epoch, seq } = (await this.row(sale)).applied;
      if (epoch !== applied.epoch || seq !== applied.seq) throw new Error(`at ${epoch}-${seq}`);
    }, SOON);
  }

  async close(): Promise<void> {
    await this.stopLeading();
    this.registry.close();
    this.selling.room.close();
    await this.dependencies.leadership.close();
    await this.#pipeline?.close();
    await this.dependencies.close();
    await this.redis.close();
  }
}

/** The reservations of one more instance, which believes what its registry says. */
export function reserverOf(
  { link, store }: Pick<Dependencies, 'link' | 'store'>,
  registry: ActivityRegistry,
): Reserver {
  const distrust = createDistrust({ store, registry, onError: () => undefined });
  return createReserver({
    link,
    registry,
    script: luaScript('reserve'),
    seen: createSeenSequences(),
    userKey: (userId) => userId,
    onDistrust: (activity, reason) => distrust.report(activity, reason),
    onBatch: () => undefined,
    onError: () => undefined,
  });
}

export function buyFrom(
  reserver: Reserver,
  { activityId }: Sale,
  userId: string,
  ulid = mintUlid(Date.now()),
): Promise<ReserveOutcome> {
  const purchase = { activityId, ulid, userId, quantity: 1, traceparent: undefined };
  return reserver.reserve(purchase);
}
