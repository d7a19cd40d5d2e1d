// Tells the line's leader this instance's load, each second, and reads what all of them tell.
import { edgeKeys } from '../../../shared/keys.ts';
import type { Redis } from '../../redis/client.ts';
import type { LoadMeter } from './load-meter.ts';
import { type Load, parseLoad } from './load-report.ts';

export interface LoadReportOptions {
  readonly redis: Redis;
  readonly instance: string;
  readonly meter: LoadMeter;
  /** A report that could not be written; the next one follows in a second. */
  readonly onError: (error: unknown) => void;
}

const EVERY_MS = 1_000;
const LIFETIME_MS = 10_000;
/** Older reports are of instances that are gone, or whose clock cannot be right. */
const FRESH_MS = 5_000;
const MAX_INSTANCES = 1_000;

/** Ends its rounds, and takes the instance off the list, when closed. */
export function startLoadReports({ redis, instance, meter, onError }: LoadReportOptions): {
  close(): Promise<void>;
} {
  const report = async (): Promise<void> => {
    const text = JSON.stringify(meter.take(Date.now()));
    await redis
      .pipeline()
      .hset(edgeKeys.originLoad, instance, text)
      .pexpire(edgeKeys.originLoad, LIFETIME_MS)
      .exec();
  };
  const timer = setInterval(() => void report().catch(onError), EVERY_MS).unref();
  return {
    async close() {
      clearInterval(timer);
      meter.close();
      await redis.hdel(edgeKeys.originLoad, instance).catch(onError);
    },
  };
}

/** The fresh reports of all instances; takes those off the list that nobody renews. */
export async function readLoads(redis: Redis, nowMs: number): Promise<readonly Load[]> {
  const reports = Object.entries(await redis.hgetall(edgeKeys.originLoad)).slice(0, MAX_INSTANCES);
  const loads: Load[] = [];
  const stale: string[] = [];
  for (const [instance, text] of reports) {
    const load = parseLoad(text);
    if (load !== undefined && Math.abs(nowMs - load.at) <= FRESH_MS) loads.push(load);
    else stale.push(instance);
  }
  if (stale.length > 0) await redis.hdel(edgeKeys.originLoad, ...stale);
  return loads;
}
