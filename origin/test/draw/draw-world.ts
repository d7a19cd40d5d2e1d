// The job `draw` on a Redis and a database of its own.
import { beforeStart, type DrawLine, enterDraw } from '../../../lua/draw-under-test.ts';
import { setClock } from '../../../lua/line-under-test.ts';
import { edgeKeys } from '../../../shared/keys.ts';
import { mintUlid } from '../../../shared/order-id.ts';
import { type ActivityRegistry, startRegistry } from '../../activities/registry.ts';
import { runDraws } from '../../draw/draw.ts';
import { createNudge } from '../../nudge.ts';
import type { Redis } from '../../redis/client.ts';
import { connectRedis, untilReady } from '../../redis/connection.ts';
import { luaScript } from '../../redis/lua.ts';
import { openStore } from '../../store/open-store.ts';
import type { ActivityRow, Store } from '../../store/store.ts';
import { type OwnRedis, startOwnRedis } from '../redis/own-redis.ts';
import { sqliteTarget, termsOf } from '../store/stores.ts';

const HOUR_MS = 3_600_000;
const TERMS = { rate: 10, capacity: 10, windowMs: 30_000, queueLimit: 1_000 };

export class DrawWorld {
  readonly server: OwnRedis;
  readonly redis: Redis;
  readonly store: Store;
  readonly registry: ActivityRegistry;
  readonly errors: unknown[] = [];
  #leading = new AbortController();
  #jobs: Promise<void>[] = [];

  private constructor(parts: Pick<DrawWorld, 'server' | 'redis' | 'store' | 'registry'>) {
    this.server = parts.server;
    this.redis = parts.redis;
    this.store = parts.store;
    this.registry = parts.registry;
  }

  static async open(): Promise<DrawWorld> {
    const server = await startOwnRedis();
    const redis = connectRedis({ ...server, name: 'draw', commandTimeoutMs: 2_000 });
    await untilReady(redis, 5_000);
    const store = await openStore(sqliteTarget());
    const registry = await startRegistry(store, () => undefined);
    return new DrawWorld({ server, redis, store, registry });
  }

  /** Another leader begins; those before go on, as old leaders do that have not noticed. */
  lead(): void {
    const scripts = {
      openDraw: luaScript('open-draw'),
      restoreEntries: luaScript('restore-entries'),
      forgetDraw: luaScript('forget-draw'),
      closeDraw: luaScript('close-draw'),
    };
    const { store, registry, redis: edgeRedis } = this;
    const job = runDraws(
      { job: 'draw', term: this.#jobs.length + 1, signal: this.#leading.signal },
      {
        ...{ store, registry, edgeRedis, scripts, nudge: createNudge() },
        onClosed: () => undefined,
        onError: (error) => this.errors.push(error),
      },
    );
    this.#jobs.push(job);
  }

  async stopLeading(): Promise<void> {
    this.#leading.abort();
    await Promise.all(this.#jobs);
    this.#leading = new AbortController();
  }

  /** A loaded activity whose entries are open. */
  async create(startsInMs: number, beacon: string | null = null): Promise<DrawLine> {
    const now = Date.now();
    const startAt = now + startsInMs;
    const times = { startAt, endAt: now + HOUR_MS, entryOpensAt: now - 1_000 };
    const terms = termsOf({ ...times, draw: true, beacon, ratePerSecond: 10, capacity: 10 });
    const activityId = mintUlid(now);
    await this.store.insertActivity({ activityId, terms, now });
    await this.store.markLoaded({ activityId, runId: 'run-1' });
    await this.registry.refresh();
    const line = { skuId: terms.skuId, activityId, terms: TERMS, seed: '' };
    await this.openLine(line);
    return line;
  }

  /** The clock of a line that starts when its activity does; virtual time stands at zero. */
  async openLine(line: DrawLine): Promise<void> {
    const startsInMs = this.row(line).startAt - Date.now();
    if (startsInMs > 0) await beforeStart(this.redis, line);
    await setClock(this.redis, line, { startsInMs, virtualUntil: 0 });
  }

  row({ activityId }: DrawLine): ActivityRow {
    const row = this.registry.byId(activityId);
    if (row === undefined) throw new Error('the activity is not live');
    return row;
  }

  enter(line: DrawLine, user: string, knock: Parameters<typeof enterDraw>[3] = {}) {
    return enterDraw(this.redis, line, user, knock);
  }

  stands({ skuId }: DrawLine): Promise<number> {
    return this.redis.exists(edgeKeys.draw(skuId));
  }

  async close(): Promise<void> {
    await this.stopLeading();
    this.registry.close();
    this.redis.disconnect();
    await this.store.close();
    await this.server.stop();
  }
}
