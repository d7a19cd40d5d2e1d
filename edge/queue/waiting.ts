// What a waiting person is told: numbers that turn out true.
import { positionOf } from '../../shared/bucket.ts';

/** A place against the line's clock. */
export interface Moment {
  readonly turn: number;
  readonly until: number;
  readonly virtualMs: number;
  readonly ratePerSecond: number;
  /** Virtual ms per real ms; 0: nobody knows when it goes on. */
  readonly speed: number;
}

/** 0 … 1, as Math.random. */
export type Random = () => number;

export interface QueuedMembers {
  readonly pollAfterSeconds: number;
  readonly position: number;
  readonly estimatedWaitSeconds: number | null;
  readonly waitRangeSeconds: readonly [number, number] | null;
  /** Unknown until the clock knows the stock. */
  readonly chance: null;
}

const MAX_POLL_SECONDS = 30;
const STANDING_POLL_SECONDS = 5;

export function queuedMembers(moment: Moment, random: Random): QueuedMembers {
  const { turn, virtualMs, ratePerSecond, speed } = moment;
  const position = positionOf(turn, virtualMs, ratePerSecond);
  if (speed <= 0) {
    return {
      pollAfterSeconds: STANDING_POLL_SECONDS + Math.floor(random() * STANDING_POLL_SECONDS),
      position,
      estimatedWaitSeconds: null,
      waitRangeSeconds: null,
      chance: null,
    };
  }
  const waitSeconds = Math.max(0, (turn - virtualMs) / speed / 1000);
  return {
    pollAfterSeconds: pollAfter(waitSeconds, random),
    position,
    estimatedWaitSeconds: Math.ceil(waitSeconds),
    // The range holds the true turn, for somebody who reads it a second late too.
    waitRangeSeconds: [Math.floor(waitSeconds * 0.9), Math.ceil(waitSeconds * 1.1) + 1],
    chance: null,
  };
}

/** A tenth of the wait, spread so that a crowd does not come back at once; never past the turn. */
export function pollAfter(waitSeconds: number, random: Random): number {
  const seconds = Math.round((waitSeconds / 10) * (0.75 + random() / 2));
  return Math.max(1, Math.min(MAX_POLL_SECONDS, seconds, Math.ceil(waitSeconds)));
}

export function readyMembers({ until, virtualMs }: Moment, random: Random) {
  return {
    pollAfterSeconds: 1 + Math.floor(random() * 3),
    // At least: the clock never runs faster than real time.
    readyForSeconds: Math.max(0, Math.floor((until - virtualMs) / 1000)),
  };
}
