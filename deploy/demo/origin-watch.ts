// How many entries the origin has seen, looked at several times a second from outside. Promise 7 is
// about any span of time, so every pair of looks is compared.
import { setTimeout as pause } from 'node:timers/promises';
import { countEntries } from '../stack/count-entries.ts';

/** Between `fromMs` and `atMs` the origin said so. */
export interface Look {
  readonly fromMs: number;
  readonly atMs: number;
  readonly entries: number;
}

export interface Ceiling {
  readonly ratePerSecond: number;
  readonly capacity: number;
}

const LOOK_EVERY_MS = 200;
const LOOK_WITHIN_MS = 2_000;
const HEADROOM = 1.2;

/**
 * Looks until the signal aborts, and once more then. A look that gets no answer is none; the next
 * one sees as much.
 */
export async function watchEntries(actuator: string, signal: AbortSignal): Promise<Look[]> {
  const looks: Look[] = [];
  for (;;) {
    const isLast = signal.aborted;
    const fromMs = performance.now();
    const entries = await countEntries(actuator, LOOK_WITHIN_MS);
    if (entries !== undefined) looks.push({ fromMs, atMs: performance.now(), entries });
    if (isLast) return looks;
    await pause(LOOK_EVERY_MS);
  }
}

/** By how many entries the worst span exceeds 1.2 × rate + burst (at least 2); ≤ 0 is kept. */
export function excessOver({ ratePerSecond, capacity }: Ceiling, looks: readonly Look[]): number {
  const burst = Math.max(2, capacity);
  let worst = -burst;
  for (const [index, first] of looks.entries()) {
    for (const last of looks.slice(index + 1)) {
      // What was counted was let in a moment before: a look's time is left for that.
      const seconds = (last.atMs - first.fromMs + LOOK_EVERY_MS) / 1000;
      const allowed = HEADROOM * ratePerSecond * seconds + burst;
      worst = Math.max(worst, last.entries - first.entries - allowed);
    }
  }
  return worst;
}
