// How busy this process is: the share of time that its event loop worked, smoothed over readings.
import { type EventLoopUtilization, performance } from 'node:perf_hooks';

/** Of the newest reading; readings come about once a second. */
const NEWEST_SHARE = 0.5;
const DIGITS = 1_000;
/**
 * Of an origin that has just started, which was busy with its start alone: told that, edges would leave
 * a recovered one alone for seconds; told that it is idle, all of them would run to it at once.
 */
export const STARTING_LOAD = 0.25;

export function createLoadMeter(): () => number {
  let before: EventLoopUtilization | undefined;
  let load = STARTING_LOAD;
  return function readLoad() {
    const now = performance.eventLoopUtilization();
    if (before !== undefined) {
      const { utilization } = performance.eventLoopUtilization(now, before);
      load += NEWEST_SHARE * (utilization - load);
    }
    before = now;
    return Math.round(load * DIGITS) / DIGITS;
  };
}
