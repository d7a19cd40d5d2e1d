// Which registered origins edges should use: those that renew their record and say that they can
// sell. One that hangs is left out long before its lease runs out.
import type { OriginRecord, Sighting } from './registration.ts';

/** Three renewals missed in a row. */
const SILENT_MS = 3_500;
/** Two renewals: who is alive has made one by then. */
const SHOWN_WITHIN_MS = 2_500;

interface Renewal {
  readonly revision: string;
  readonly at: number;
  /** Whether it was seen to live, in place of a record that only waits for its lease to run out. */
  readonly isSeen: boolean;
}

/**
 * Judges sightings in the order in which they are made; `nowMs` is of a monotonic clock. Undefined
 * where nothing can be said yet: a leader that begins because another one died finds its record.
 */
export function createHealthy(): (
  sightings: readonly Sighting[],
  nowMs: number,
) => OriginRecord[] | undefined {
  let renewals = new Map<string, Renewal>();
  let begunAt: number | undefined;
  return function healthy(sightings, nowMs) {
    const isFirstLook = begunAt === undefined;
    begunAt ??= nowMs;
    renewals = new Map(
      sightings.map(({ record: { instance }, revision }) => {
        const known = renewals.get(instance);
        const fresh = { revision, at: nowMs, isSeen: !isFirstLook };
        return [instance, known?.revision === revision ? known : fresh];
      }),
    );
    const isEarly = nowMs - begunAt < SHOWN_WITHIN_MS;
    if (isEarly && [...renewals.values()].some(({ isSeen }) => !isSeen)) return undefined;
    const alive = sightings
      .filter(({ record }) => isAlive(renewals.get(record.instance), nowMs))
      .map(({ record }) => record);
    const ready = alive.filter(({ isReady }) => isReady);
    // Where nobody is ready a dependency of all is away: the origins say so better than nobody.
    return ready.length > 0 ? ready : alive;
  };
}

const isAlive = (renewal: Renewal | undefined, nowMs: number): boolean =>
  renewal?.isSeen === true && nowMs - renewal.at < SILENT_MS;
