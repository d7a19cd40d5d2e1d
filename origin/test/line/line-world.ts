// The job `line` on a Redis and a database of its own, with a leader that a test may change.

import { edgeKeys, inventoryKeys } from '../../../shared/keys.ts';
import { mintUlid } from '../../../shared/order-id.ts';
import { parseSaleStatus, type SaleStatus } from '../../../shared/sale-status.ts';
import { type ActivityRegistry, startRegistry } from '../../activities/registry.ts';
import { loadFacts } from '../../fence/load-facts.ts';
import type { Score } from '../../line/forecast-record.ts';
import { createSpeeds } from '../../line/health/speeds.ts';
import { type LineOptions, runLine } from '../../line/line.ts';
import { createNudge } from '../../nudge.ts';
import type { Redis } from '../../redis/client.ts';
import { connectRedis, untilReady } from '../../redis/connection.ts';
import { connectInventory, type InventoryLink } from '../../redis/inventory-link.ts';
import { luaScript } from '../../redis/lua.ts';
import { openStore } from '../../store/open-store.ts';
import type { Store } from '../../store/store.ts';
import { type OwnRedis, startOwnRedis } from '../redis/own-redis.ts';
import { sqliteTarget, termsOf } from '../store/stores.ts';

const admitScript = luaScript('admit');
const loadScript = luaScript('load');
const HOUR_MS = 3_600_000;
/** As long as a machine with other work to do may need; who stops a server waits for less. */
const RATHER_LONG_MS = 10_000;

interface SaleTimes {
  readonly startsInMs: number;
  readonly endsInMs?: number;
}

export class LineWorld {
  readonly servers: { readonly edge: OwnRedis; readonly inventory: OwnRedis };
  readonly edge: Redis;
  readonly link: InventoryLink;
  readonly store: Store;
  readonly registry: ActivityRegistry;
  readonly nudge = createNudge();
  readonly errors: unknown[] = [];
  readonly gone: string[] = [];
  readonly scores: Score[] = [];
  called = 0;
  #leading = new AbortController();
  #job: Promise<void> = Promise.resolve();

  private constructor(parts: Pick<LineWorld, 'servers' | 'edge' | 'link' | 'store' | 'registry'>) {
    this.servers = parts.servers;
    this.edge = parts.edge;
    this.link = parts.link;
    this.store = parts.store;
    this.registry = parts.registry;
  }

  static async open(commandTimeoutMs = RATHER_LONG_MS): Promise<LineWorld> {
    const [edge, inventory] = await Promise.all([startOwnRedis(), startOwnRedis()]);
    const options = { name: 'line', commandTimeoutMs };
    const edgeRedis = connectRedis({ host: edge.host, port: edge.port, ...options });
    await untilReady(edgeRedis, 5_000);
    const link = await connectInventory({
      host: inventory.host,
      port: inventory.port,
      ...options,
    });
    const store = await openStore(sqliteTarget());
    const registry = await startRegistry(store, () => undefined);
    return new LineWorld({ servers: { edge, inventory }, edge: edgeRedis, link, store, registry });
  }

  /** A leader of this term takes over; the one before ends. */
  async lead(term: number): Promise<void> {
    await this.stopLeading();
    this.#leading = new AbortController();
    const options: LineOptions = {
      store: this.store,
      registry: this.registry,
      edgeRedis: this.edge,
      inventory: this.link,
      scripts: { setClock: luaScript('set-clock'), setStatus: luaScript('set-status') },
      nudge: this.nudge,
      speeds: createSpeeds({ redis: this.edge, onStep: () => undefined }),
      drawStatusOf: () => null,
      watch: {
        status: () => undefined,
        gone: (skuId) => this.gone.push(skuId),
        called: (places) => {
          this.called += places;
        },
        scored: (score) => this.scores.push(score),
        speed: () => undefined,
      },
      onError: (error) => this.errors.push(error),
    };
    this.#job = runLine({ job: 'line', term, signal: this.#leading.signal }, options);
  }

  async stopLeading(): Promise<void> {
    this.#leading.abort();
    await this.#job;
  }

  /** Times are relative to now. */
  async create(times: SaleTimes, stock = 20) {
    const sale = await this.insert(times, stock);
    await this.wake();
    return sale;
  }

  /** As `create`, of which the registry hears when it reads again. */
  async insert(times: SaleTimes, stock = 20) {
    const now = Date.now();
    const startAt = now + times.startsInMs;
    const endAt = now + (times.endsInMs ?? HOUR_MS);
    const terms = termsOf({ stock, capacity: 2, startAt, endAt, entryOpensAt: startAt });
    const activityId = mintUlid(now);
    await this.store.insertActivity({ activityId, terms, now });
    return { activityId, skuId: terms.skuId };
  }

  async load({ activityId, skuId }: { activityId: string; skuId: string }): Promise<void> {
    const marked = await this.store.markLoaded({ activityId, runId: this.link.runId(skuId) ?? '' });
    if (marked.kind !== 'loaded') throw new Error('the activity was not loaded');
    const { activity, stock, sold, sequence, outbox, pending } = inventoryKeys;
    const keys = [activity, stock, sold, sequence, outbox, pending].map((key) => key(skuId));
    await loadScript.run(this.link.redis, keys, loadFacts(marked.activity, 1));
    await this.wake();
  }

  async wake(): Promise<void> {
    await this.registry.refresh();
    this.nudge.nudge();
  }

  async status(skuId: string): Promise<SaleStatus | undefined> {
    return parseSaleStatus((await this.edge.get(edgeKeys.saleStatus(skuId))) ?? '');
  }

  async admit({ activityId, skuId }: { activityId: string; skuId: string }, userKey: string) {
    const keys = [
      edgeKeys.lineClock(skuId),
      edgeKeys.tokenBucket(skuId),
      edgeKeys.tokenBucketLast(skuId),
      edgeKeys.tokenBucketRemainder(skuId),
      edgeKeys.entryBucket(skuId),
      edgeKeys.place(skuId, userKey),
      edgeKeys.devicePlaces(skuId, ''),
      edgeKeys.came(skuId),
      edgeKeys.draw(skuId),
      edgeKeys.drawEntries(skuId),
    ];
    const none = ['', '', '', '', '', '', '', ''];
    const args = [activityId, mintUlid(Date.now()), ...none, '1', ''];
    const answer = await admitScript.run(this.edge, keys, args);
    const [word, ulid, turn]: unknown[] = Array.isArray(answer) ? answer : [];
    return { word: String(word), ulid: String(ulid), turn: Number(turn) };
  }

  async close(): Promise<void> {
    await this.stopLeading();
    this.registry.close();
    this.link.close();
    this.edge.disconnect();
    await this.store.close();
    await Promise.all([this.servers.edge.stop(), this.servers.inventory.stop()]);
  }
}
