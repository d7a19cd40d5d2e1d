// What the origin was let in for: each forward with the moments between which it was decided, and
// the plain bound that all of them must keep.

export interface Forward {
  /** Epoch µs by Redis just before and just after the decision. */
  readonly after: number;
  readonly before: number;
}

export interface Pace {
  readonly ratePerSecond: number;
  readonly capacity: number;
}

const MICROSECONDS = 1_000_000;

/** 1.2 times the rate for as long as the window lasts, and the burst, which is at least 2. */
export function mostIn({ ratePerSecond, capacity }: Pace, windowUs: number): number {
  return Math.max(2, capacity) + (1.2 * ratePerSecond * windowUs) / MICROSECONDS;
}

/**
 * By how many forwards the worst of all windows is over the bound; 0 or less where none is. The
 * script counts in whole milliseconds, so a window is as long as up to one more.
 */
export function worstExcess(pace: Pace, forwards: readonly Forward[]): number {
  const perUs = (1.2 * pace.ratePerSecond) / MICROSECONDS;
  const ordered = forwards.toSorted((one, other) => one.after - other.after);
  // The window from the first to the last of some has the most over it, so pairs are enough; the
  // best first one so far stands for all of them.
  const start = ordered[0]?.after ?? 0;
  let best = Number.NEGATIVE_INFINITY;
  let worst = Number.NEGATIVE_INFINITY;
  for (const [index, { after, before }] of ordered.entries()) {
    best = Math.max(best, perUs * (after - start) - index);
    worst = Math.max(worst, index + 1 + best - perUs * (before - start + 1_000));
  }
  return worst - mostIn(pace, 0);
}
