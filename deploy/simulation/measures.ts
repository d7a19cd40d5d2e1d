// What a run is judged by: who was called, came, and got a unit; what was told and came true.
import type { Outcome, Person } from './world.ts';

/** Somebody who has asked again for so long was not served by the call, but by a return. */
const SERVED_WITHIN_MS = 15_000;

export interface Served {
  readonly called: number;
  /** Of these, people who came. */
  readonly came: number;
  /** Share of those who came who got a unit, at once or by asking again for a few seconds. */
  readonly share: number;
  readonly sold: number;
  /** Seconds until the last unit was taken. */
  readonly lastSecond: number;
}

export function servedIn({ people, origin, called }: Outcome, startMs: number): Served {
  const came = people.filter((person) => person.calledAt > 0 && person.firstAskedAt > 0);
  const served = came.filter(isServed).length;
  const last = people.reduce((at, { reservedAt }) => Math.max(at, reservedAt), startMs);
  return {
    ...{ called, came: came.length, sold: origin.sold },
    share: came.length === 0 ? 1 : served / came.length,
    lastSecond: (last - startMs) / 1000,
  };
}

const isServed = ({ reservedAt, firstAskedAt }: Person): boolean =>
  reservedAt > 0 && reservedAt - firstAskedAt < SERVED_WITHIN_MS;

export interface Band {
  /** The band is from here to a tenth more. */
  readonly from: number;
  readonly told: number;
  /** Mean chance that was told, and the share that came true. */
  readonly chance: number;
  readonly cameTrue: number;
}

/** Of people who would come: whether the chance they were told came true. */
export function bandsOf(outcomes: readonly Outcome[]): Band[] {
  const bands = Array.from({ length: 10 }, () => ({ told: 0, chance: 0, true: 0 }));
  for (const { people } of outcomes) {
    for (const { isComing, notes, reservedAt } of people) {
      for (const { chance } of isComing ? notes : []) {
        const band = chance === null ? undefined : bands[Math.min(9, Math.floor(chance * 10))];
        if (band === undefined || chance === null) continue;
        band.told += 1;
        band.chance += chance;
        if (reservedAt > 0) band.true += 1;
      }
    }
  }
  return bands.map(({ told, chance, true: came }, index) => ({
    ...{ from: index / 10, told },
    ...{ chance: told === 0 ? 0 : chance / told, cameTrue: told === 0 ? 0 : came / told },
  }));
}

export interface Waits {
  readonly told: number;
  readonly medianError: number;
  /** Share of real waits within the range that was told. */
  readonly inRange: number;
}

const SHORTEST_SECONDS = 1;

export function waitsOf(outcomes: readonly Outcome[]): Waits {
  const errors: number[] = [];
  let inRange = 0;
  for (const { people } of outcomes) {
    for (const { calledAt, notes } of people) {
      for (const { at, wait } of notes) {
        if (wait === null || calledAt === 0) continue;
        const seconds = (calledAt - at) / 1000;
        if (seconds < SHORTEST_SECONDS) continue;
        errors.push(Math.abs(wait.seconds - seconds) / seconds);
        if (seconds >= wait.low && seconds <= wait.high) inRange += 1;
      }
    }
  }
  errors.sort((one, other) => one - other);
  const medianError = errors[errors.length >> 1] ?? 0;
  return { told: errors.length, medianError, inRange: inRange / Math.max(1, errors.length) };
}

export interface Steadiness {
  /** Mean of the speed, and how far it lies around it (standard deviation over the mean). */
  readonly speed: number;
  readonly unrest: number;
  /** The longest time that a purchase waited at the origin, in seconds. */
  readonly longestQueueSeconds: number;
  /** The most entries of a second, as a share of rate and burst. */
  readonly intake: number;
}

export function steadinessOf(
  { seconds }: Outcome,
  span: { readonly from: number; readonly to: number },
  terms: { ratePerSecond: number; capacity: number; perSecond: (second: number) => number },
): Steadiness {
  const inSpan = seconds.filter(({ second }) => second >= span.from && second < span.to);
  const mean = inSpan.reduce((sum, { speed }) => sum + speed, 0) / inSpan.length;
  const variance = inSpan.reduce((sum, { speed }) => sum + (speed - mean) ** 2, 0) / inSpan.length;
  const most = 1.2 * terms.ratePerSecond + Math.max(2, terms.capacity);
  return {
    speed: mean,
    unrest: Math.sqrt(variance) / mean,
    longestQueueSeconds: Math.max(
      ...seconds.map(({ second, queued }) => queued / terms.perSecond(second)),
    ),
    intake: Math.max(...seconds.map(({ entered }) => entered / most)),
  };
}
