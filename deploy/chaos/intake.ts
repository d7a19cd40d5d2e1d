// How many entries the origins have seen, each looked at several times a second from outside, through
// kills and pauses. Promise 7 is about any span of time, so every pair of looks is compared.
import { setTimeout as pause } from 'node:timers/promises';
import { countEntries } from '../stack/count-entries.ts';

/** Of one origin: between `fromMs` and `atMs` it said so. */
export interface Look {
  readonly origin: number;
  readonly fromMs: number;
  readonly atMs: number;
  readonly entries: number;
}

export interface Ceiling {
  readonly ratePerSecond: number;
  /** As often as the line's Redis forgot, its buckets were full again. */
  readonly burst: number;
}

const LOOK_EVERY_MS = 200;
const LOOK_WITHIN_MS = 1_000;
const HEADROOM = 1.2;

/** Looks until the signal aborts; a look that gets no answer is none, the next one sees as much. */
export async function watchIntake(
  actuators: readonly string[],
  signal: AbortSignal,
): Promise<Look[]> {
  const looks: Look[] = [];
  await Promise.all(
    actuators.map(async (actuator, origin) => {
      while (!signal.aborted) {
        const fromMs = performance.now();
        const entries = await countEntries(actuator, LOOK_WITHIN_MS);
        if (entries !== undefined) looks.push({ origin, fromMs, atMs: performance.now(), entries });
        await pause(LOOK_EVERY_MS);
      }
    }),
  );
  return looks;
}

/** By how many entries the worst span exceeds 1.2 × rate + burst (at least 2); ≤ 0 is kept. */
export function excessIn({ ratePerSecond, burst }: Ceiling, looks: readonly Look[]): number {
  const totals = totalsOf(looks);
  let worst = Number.NEGATIVE_INFINITY;
  for (const [index, first] of totals.entries()) {
    for (const last of totals.slice(index + 1)) {
      const seconds = (last.atMs - first.fromMs) / 1000;
      const allowed = HEADROOM * ratePerSecond * seconds + Math.max(2, burst);
      worst = Math.max(worst, last.entries - first.entries - allowed);
    }
  }
  return worst;
}

/** Of all origins together; `fromMs` is the oldest moment that a total may speak of. */
function totalsOf(looks: readonly Look[]): Omit<Look, 'origin'>[] {
  const newest = new Map<number, Look & { readonly before: number }>();
  const ordered = looks.toSorted((one, other) => one.atMs - other.atMs);
  return ordered.map((look) => {
    const earlier = newest.get(look.origin);
    // One that was killed counts from 0 again.
    const isReset = earlier !== undefined && look.entries < earlier.entries;
    const before = (earlier?.before ?? 0) + (isReset ? earlier.entries : 0);
    newest.set(look.origin, { ...look, before });
    const all = [...newest.values()];
    return {
      atMs: look.atMs,
      fromMs: Math.min(...all.map(({ fromMs }) => fromMs)),
      entries: all.reduce((sum, one) => sum + one.before + one.entries, 0),
    };
  });
}
