// How busy this process is: the share of time that its event loop worked, smoothed over readings.
import { type EventLoopUtilization, performance } from 'node:perf_hooks';

/** Of the newest reading; readings come about once a second. */
const NEWEST_SHARE = 0.5;
const DIGITS = 1_000;

export function createLoadMeter(): () => number {
  let before: EventLoopUtilization = performance.eventLoopUtilization();
  let load = 0;
  return function readLoad() {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    load += NEWEST_SHARE * (utilization - load);
    return Math.round(load * DIGITS) / DIGITS;
  };
}
