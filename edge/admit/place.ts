// Places as Redis keeps them and as `admit` answers them.

/** A place in the line of an activity, with the line's pace at the moment of the answer. */
export interface Place {
  readonly ulid: string;
  /** Virtual ms from which it may enter; 0 of a draw entry that has no turn yet. */
  readonly turn: number;
  /** Virtual ms up to which it may enter. */
  readonly until: number;
  /** Virtual ms now. */
  readonly virtualMs: number;
  readonly ratePerSecond: number;
  /** Virtual ms per real ms. */
  readonly speed: number;
  /** ulid of the order that this purchase follows, or ''. */
  readonly follows: string;
  /** Which entry of the draw it is, from 0, while it has no turn; else null. */
  readonly entry: number | null;
}

const STORED = /^[0-9A-Z]{26}(.{3})#?[0-9a-f]+(?: [0-9a-f]+ ([0-9a-f]+))?(>[0-9A-Z]{26})?$/;

/** What `lua/sweep.lua` keeps of it once its activity is closed. */
const KEPT = /^[0-9A-Z]{26}=([0-9A-Z]+)(?:>[0-9A-Z]{26})?$/;

/**
 * Whether an order may exist: a place of this activity, as `lua/include/place.lua` writes it, has been
 * forwarded, or follows one that was.
 */
export function hasEntered(stored: string | null, activityId: string): boolean {
  if (KEPT.exec(stored ?? '')?.[1] === activityId) return true;
  const [, sign, enteredAt = '0', follows] = STORED.exec(stored ?? '') ?? [];
  return sign === `...${activityId}`.slice(-3) && (enteredAt !== '0' || follows !== undefined);
}
