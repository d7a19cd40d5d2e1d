// Measures this instance's load, second by second, from what its metrics hear anyway.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Metrics } from '../../actuator/metrics.ts';
import type { Load } from './load-report.ts';

export interface LoadMeter {
  /** The load since the last call. */
  take(nowMs: number): Load;
  close(): void;
}

const RESOLUTION_MS = 10;
/** Of the batches of one second, more than these say nothing new. */
const MAX_BATCHES = 1_000;

/** The metrics to use instead of the given ones, so that the meter hears them too. */
export function meterLoad(metrics: Metrics): {
  readonly metrics: Metrics;
  readonly meter: LoadMeter;
} {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  let batchSeconds: number[] = [];
  let backlog = 0;
  let refused = 0;
  const meter: LoadMeter = {
    take(nowMs) {
      const load: Load = {
        at: nowMs,
        eventLoopMs: Math.max(0, Math.round(delay.percentile(99) / 1e6) - RESOLUTION_MS),
        reserveMs: Math.round(1000 * highest(batchSeconds)),
        backlog,
        refused,
      };
      delay.reset();
      batchSeconds = [];
      refused = 0;
      return load;
    },
    close: () => void delay.disable(),
  };
  return {
    meter,
    metrics: {
      ...metrics,
      reserveBatch(batch) {
        if (batchSeconds.length < MAX_BATCHES) batchSeconds.push(batch.seconds);
        metrics.reserveBatch(batch);
      },
      lag(records) {
        backlog = records;
        metrics.lag(records);
      },
      refused(kind) {
        if (kind === 'busy') refused += 1;
        metrics.refused(kind);
      },
    },
  };
}

/** The 99th percentile; 0 of nothing. */
function highest(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length * 0.99)] ?? 0;
}
