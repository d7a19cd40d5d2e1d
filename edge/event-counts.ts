// Counts of this isolate that its origin has not heard of yet.

export interface EventCounts {
  add(name: string): void;
  /** All counts, once a second at most; undefined when there is nothing to tell or it is too soon. */
  take(nowMs: number): Readonly<Record<string, number>> | undefined;
}

const EVERY_MS = 1_000;
/** Names are words of the code, so there are few; this only bounds a mistake. */
const MAX_NAMES = 64;

export function createEventCounts(): EventCounts {
  let counts = new Map<string, number>();
  let takenAt = 0;
  return {
    add(name) {
      if (counts.has(name) || counts.size < MAX_NAMES)
        counts.set(name, (counts.get(name) ?? 0) + 1);
    },
    take(nowMs) {
      if (counts.size === 0 || nowMs - takenAt < EVERY_MS) return undefined;
      const taken = Object.fromEntries(counts);
      counts = new Map();
      takenAt = nowMs;
      return taken;
    },
  };
}
