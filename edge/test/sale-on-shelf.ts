// A sale as the origin's line leader would put it into the edge Redis.

import clock from '../../lua/include/clock.lua';
import now from '../../lua/include/now.lua';
import whole from '../../lua/include/whole.lua';
import setClock from '../../lua/set-clock.lua';
import { NO_LIMIT_MS } from '../../shared/clock.ts';
import { edgeKeys } from '../../shared/keys.ts';
import type { SaleStatus } from '../../shared/sale-status.ts';
import { composeScript } from '../../shared/script.ts';
import { fresh, redis } from './shop.ts';
import { saleStatus } from './status-under-test.ts';

const script = composeScript(setClock, { now, clock, whole });
const LIFETIME_MS = 600_000;
let version = 1;

export interface Shelf {
  readonly skuId: string;
  readonly activityId: string;
  /** Writes the document anew, changed. */
  show(changes: Partial<SaleStatus>): Promise<void>;
  /** Writes the clock anew; the line goes on. */
  setSpeed(speed: number): Promise<void>;
}

/**
 * One enters, and whoever comes behind waits, on a machine of any speed: virtual time moves by a
 * millisecond a second.
 */
export const ONE_ENTERS = { ratePerSecond: 1, capacity: 1, speed: 0.001 } as const;

export interface ShelfOptions {
  readonly ratePerSecond?: number;
  readonly capacity?: number;
  /** Of virtual time; 1 where absent. */
  readonly speed?: number;
  readonly queueLimit?: number;
  readonly windowMs?: number;
  /** From now; negative: it has started. */
  readonly startInMs?: number;
  readonly endInMs?: number;
  readonly status?: Partial<SaleStatus>;
}

export async function putOnShelf(options: ShelfOptions = {}): Promise<Shelf> {
  const { ratePerSecond = 1_000, capacity = 100, queueLimit = 1_000, windowMs = 30_000 } = options;
  const { speed = 1 } = options;
  const skuId = fresh('sku');
  const activityId = fresh('activity');
  const startAt = Date.now() + (options.startInMs ?? -1_000);
  const endAt = Date.now() + (options.endInMs ?? 300_000);

  async function setSpeed(speed: number): Promise<void> {
    const keys = [
      edgeKeys.lineClock(skuId),
      edgeKeys.tokenBucket(skuId),
      edgeKeys.tokenBucketLast(skuId),
      edgeKeys.tokenBucketRemainder(skuId),
      edgeKeys.came(skuId),
      edgeKeys.callLog(skuId),
    ];
    const pace = [ratePerSecond, capacity, windowMs, startAt, endAt, queueLimit];
    const lifetime = Date.now() + LIFETIME_MS;
    const args = [activityId, 1, speed, NO_LIMIT_MS, ...pace, 0, 0, lifetime, '', 0, 'steady'];
    await redis('EVAL', script, keys.length, ...keys, ...args);
  }

  async function show(changes: Partial<SaleStatus>): Promise<void> {
    version += 1;
    const status = saleStatus({
      version,
      writtenAt: Date.now(),
      skuId,
      activityId,
      state: startAt > Date.now() ? 'LOADED' : 'RUNNING',
      startAt,
      endAt,
      clock: { ...saleStatus().clock, realAt: Date.now(), speed },
      ratePerSecond,
      capacity,
      windowMs,
      // Scoring is off: what these tests send is no browser's.
      challengeAt: 100,
      denyAt: 100,
      ...options.status,
      ...changes,
    });
    await redis('SET', edgeKeys.saleStatus(skuId), JSON.stringify(status), 'PX', LIFETIME_MS);
  }

  await setSpeed(speed);
  await show({});
  return { skuId, activityId, show, setSpeed };
}
