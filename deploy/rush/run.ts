// One rush: an activity, its origins, the relay and the writer behind them, and the evidence.
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { loadFacts } from '../../origin/fence/load-facts.ts';
import { stockKeys } from '../../origin/inventory/stock-keys.ts';
import { connectInventory } from '../../origin/redis/inventory-link.ts';
import { luaScript } from '../../origin/redis/lua.ts';
import { migrate } from '../../origin/store/migrate.ts';
import { openStore } from '../../origin/store/open-store.ts';
import type { ActivityRow, Store } from '../../origin/store/store.ts';
import type { MysqlTarget } from '../../origin/store/target.ts';
import { parseActivityTerms } from '../../shared/activity.ts';
import { mintUlid } from '../../shared/order-id.ts';
import type { Database } from '../local/services/database.ts';
import { LIMIT_PER_USER } from './attempts.ts';
import { readApplied, readRedis, readWritten } from './evidence.ts';
import type { Evidence } from './judge.ts';
import { startOrigins } from './origins.ts';
import { startPipeline } from './pipeline.ts';

export interface RushPlaces {
  readonly redis: { readonly host: string; readonly port: number };
  readonly mysql: Database;
  readonly bootstrap: string;
}

export interface RushOptions {
  readonly attempts: number;
  readonly units: number;
  readonly origins: number;
  readonly seed: number;
  readonly progress: (message: string) => void;
}

export interface Rush {
  readonly evidence: Evidence;
  readonly attemptMs: number;
  /** From the first attempt to the last unit. */
  readonly soldOutMs: number;
  /** From the first attempt to the last row. */
  readonly writtenMs: number;
}

const HOUR_MS = 3_600_000;
const LOOK_EVERY_MS = 25;
const WRITTEN_WITHIN_MS = 120_000;
const MOMENT_LENGTH = 10;

export async function runRush(places: RushPlaces, options: RushOptions): Promise<Rush> {
  const target: MysqlTarget = { kind: 'mysql', ...places.mysql };
  await migrate(target);
  const store = await openStore(target);
  try {
    const activity = await openSale(store, places.redis, options.units);
    const { skuId, activityId, currency } = activity;
    const lane = { skuId, activityId, currency };
    const { redis, bootstrap } = places;
    const pipeline = startPipeline({ redis, bootstrap, store, lane });
    try {
      return await rush(activity, places, options);
    } finally {
      await pipeline.stop();
    }
  } finally {
    await store.close();
  }
}

async function rush(
  { skuId, activityId, runId }: ActivityRow,
  { redis, mysql }: RushPlaces,
  { attempts, units, origins: count, seed, progress }: RushOptions,
): Promise<Rush> {
  const sale = { skuId, activityId, runId: runId ?? '' };
  const crowd = { seed, users: units, moment: mintUlid(Date.now()).slice(0, MOMENT_LENGTH) };
  progress(`${count} origins start`);
  const origins = await startOrigins(count, { redis, sale, crowd, attempts });
  try {
    progress(`${attempts} attempts on ${units} units`);
    const told = await origins.go();
    const beganAt = Math.min(...told.map((one) => one.beganAt));
    progress('what was sold is written');
    const { sequence } = await readRedis(redis, skuId);
    const deadline = performance.now() + WRITTEN_WITHIN_MS;
    const isLate = () => performance.now() >= deadline;
    while ((await readApplied(mysql, activityId)) < sequence && !isLate()) {
      await pause(LOOK_EVERY_MS);
    }
    const writtenMs = Date.now() - beganAt;
    const written = await readWritten(mysql, activityId);
    let numbers = await readRedis(redis, skuId);
    // What the order log has taken leaves the outbox a moment after it, and may be written by then.
    while (numbers.outboxEntries > 0 && !isLate()) {
      await pause(LOOK_EVERY_MS);
      numbers = await readRedis(redis, skuId);
    }
    return {
      evidence: { skuId, attempts, units, told, ...written, redis: numbers },
      attemptMs: Math.max(...told.map((one) => one.endedAt)) - beganAt,
      soldOutMs: Math.max(...told.map((one) => one.lastSoldAt)) - beganAt,
      writtenMs,
    };
  } finally {
    origins.end();
  }
}

/** An activity with a SKU of its own, loaded as the origin loads it. */
async function openSale(
  store: Store,
  place: RushPlaces['redis'],
  stock: number,
): Promise<ActivityRow> {
  const skuId = `rush_${randomBytes(4).toString('hex')}`;
  const now = Date.now();
  const activityId = mintUlid(now);
  const parsed = parseActivityTerms(
    {
      ...{ skuId, stock, price: 1_999, limitPerUser: LIMIT_PER_USER },
      startAt: new Date(now - HOUR_MS).toISOString(),
      endAt: new Date(now + HOUR_MS).toISOString(),
    },
    { createdAt: now },
  );
  if (parsed.kind === 'invalid') throw new Error(JSON.stringify(parsed.errors));
  const link = await connectInventory({ ...place, name: 'rush', commandTimeoutMs: 5_000 });
  try {
    await store.insertActivity({ activityId, terms: parsed.terms, now });
    await store.markLoaded({ activityId, runId: link.runId(skuId) ?? '' });
    const activity = await store.findActivity(activityId);
    if (activity === undefined) throw new Error('the activity is gone');
    await luaScript('load').run(link.redis, stockKeys(skuId), loadFacts(activity, activity.epoch));
    return activity;
  } finally {
    link.close();
  }
}
