// What a waiting person is told: numbers that turn out true, and no number that nobody can know.
import { positionOf } from '../../shared/bucket.ts';
import { chanceOf, waitOf } from '../../shared/outlook.ts';
import type { SaleStatus } from '../../shared/sale-status.ts';

/** A place against the line's clock. */
export interface Moment {
  readonly turn: number;
  readonly until: number;
  readonly virtualMs: number;
}

/** The line as its document tells, at the writer's present time. */
export interface Line {
  readonly status: SaleStatus;
  readonly nowMs: number;
}

/** 0 … 1, as Math.random. */
export type Random = () => number;

export interface QueuedMembers {
  readonly pollAfterSeconds: number;
  readonly position: number;
  readonly estimatedWaitSeconds: number | null;
  readonly waitRangeSeconds: readonly [number, number] | null;
  readonly chance: number | null;
  /** When a unit may return at the earliest, where that is what people wait for. */
  readonly nextReturnAt?: string;
  readonly reason?: 'waiting-for-return';
}

const MAX_POLL_SECONDS = 30;
const STANDING_POLL_SECONDS = 5;
const SOON_POLL_SECONDS = 3;

/** All units are taken, and unpaid ones may return: the clock stands until one does. */
export const awaitsReturn = ({ stockBand, unitsMayReturn }: SaleStatus): boolean =>
  stockBand === 'none' && unitsMayReturn;

export const isStanding = ({ state, clock }: SaleStatus): boolean =>
  state === 'PAUSED' || clock.speed <= 0;

/** `noUnit`: the origin has just found none, whatever an older document says. */
export function queuedMembers(
  moment: Moment,
  line: Line & { readonly noUnit?: boolean },
  random: Random,
): QueuedMembers {
  const { status, nowMs, noUnit = false } = line;
  const { turn, virtualMs } = moment;
  const stands = isStanding(status);
  const returnsOnly = noUnit || (awaitsReturn(status) && !stands);
  const wait = stands || returnsOnly ? null : waitOf(turn, status, nowMs);
  const chance = chanceOf(turn, status, nowMs);
  const { nextReturnAt } = status;
  return {
    pollAfterSeconds: pollOf(moment, { status, returnsOnly }, random),
    position: positionOf(turn, virtualMs, status.ratePerSecond),
    estimatedWaitSeconds: wait === null ? null : Math.round(wait.seconds),
    waitRangeSeconds: wait === null ? null : [Math.floor(wait.low), Math.ceil(wait.high)],
    chance: chance === null ? null : Math.round(100 * chance) / 100,
    ...(wait === null && nextReturnAt !== null
      ? { nextReturnAt: new Date(nextReturnAt).toISOString() }
      : {}),
    ...(returnsOnly ? { reason: 'waiting-for-return' } : {}),
  };
}

function pollOf(
  { turn, virtualMs }: Moment,
  { status, returnsOnly }: { readonly status: SaleStatus; readonly returnsOnly: boolean },
  random: Random,
): number {
  if (isStanding(status)) return spread(STANDING_POLL_SECONDS, random) + STANDING_POLL_SECONDS - 1;
  // However the pace changes, the turn comes no sooner than this.
  const soonestSeconds = Math.max(0, turn - virtualMs) / Math.max(1, status.clock.speed) / 1000;
  const seconds = pollAfter(soonestSeconds, random);
  return returnsOnly ? Math.max(seconds, spread(SOON_POLL_SECONDS, random)) : seconds;
}

/** From 1 to `most`. */
export const spread = (most: number, random: Random): number => 1 + Math.floor(random() * most);

/** A tenth of the wait, spread so that a crowd does not come back at once; never past the turn. */
export function pollAfter(waitSeconds: number, random: Random): number {
  const seconds = Math.round((waitSeconds / 10) * (0.75 + random() / 2));
  return Math.max(1, Math.min(MAX_POLL_SECONDS, seconds, Math.ceil(waitSeconds)));
}

export function readyMembers({ until, virtualMs }: Moment, random: Random) {
  return {
    pollAfterSeconds: spread(SOON_POLL_SECONDS, random),
    // At least: the clock never runs faster than real time.
    readyForSeconds: Math.max(0, Math.floor((until - virtualMs) / 1000)),
  };
}

/** Until the start everybody waits alike; from then on for the draw, which takes a second or two. */
export function entryMembers(startsInMs: number, random: Random) {
  const seconds = Math.max(0, startsInMs) / 1000;
  return {
    pollAfterSeconds: Math.max(pollAfter(seconds, random), spread(SOON_POLL_SECONDS, random)),
  };
}
