// Which registered origins edges should use: those that renew their record and say that they can
// sell. One that hangs is left out long before its lease runs out.
import type { OriginRecord, Sighting } from './registration.ts';

/** Three renewals missed in a row. */
const SILENT_MS = 3_500;

/** Judges sightings in the order in which they are made; `nowMs` is of a monotonic clock. */
export function createHealthy(): (sightings: readonly Sighting[], nowMs: number) => OriginRecord[] {
  let renewals = new Map<string, { readonly revision: string; readonly at: number }>();
  return function healthy(sightings, nowMs) {
    renewals = new Map(
      sightings.map(({ record: { instance }, revision }) => {
        const known = renewals.get(instance);
        return [instance, known?.revision === revision ? known : { revision, at: nowMs }];
      }),
    );
    const alive = sightings
      .filter(({ record }) => nowMs - (renewals.get(record.instance)?.at ?? nowMs) < SILENT_MS)
      .map(({ record }) => record);
    const ready = alive.filter(({ isReady }) => isReady);
    // Where nobody is ready a dependency of all is away: the origins say so better than nobody.
    return ready.length > 0 ? ready : alive;
  };
}
