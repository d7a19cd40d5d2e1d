/**
 * Keeps an isolate from waiting for a Redis that is away: after two failures in a row, one call a
 * second finds out whether it is back and all others fail at once.
 */
export interface Breaker {
  /** Whether this call may be made. */
  mayTry(nowMs: number): boolean;
  succeeded(): void;
  failed(nowMs: number): void;
}

const FAILURES_TO_OPEN = 2;
const PROBE_EVERY_MS = 1_000;

export function createBreaker(): Breaker {
  let failures = 0;
  let nextProbeAt = 0;
  return {
    mayTry(nowMs) {
      if (failures < FAILURES_TO_OPEN) return true;
      if (nowMs < nextProbeAt) return false;
      nextProbeAt = nowMs + PROBE_EVERY_MS;
      return true;
    },
    succeeded() {
      failures = 0;
    },
    failed(nowMs) {
      failures += 1;
      nextProbeAt = nowMs + PROBE_EVERY_MS;
    },
  };
}
