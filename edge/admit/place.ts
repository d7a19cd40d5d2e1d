// Places as Redis keeps them and as `admit` answers them.

/** A place in the line of an activity, with the line's pace at the moment of the answer. */
export interface Place {
  readonly ulid: string;
  /** Virtual ms from which it may enter. */
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
}

const STORED = /^[0-9A-Z]{26} \d+ \d+ (\d+)( [0-9A-Z]{26})?$/;

/**
 * Whether an order may exist: a place, as `lua/include/place.lua` writes it, has been forwarded, or
 * follows one that was.
 */
export function hasEntered(stored: string | null): boolean {
  const [, enteredAt = '0', follows] = STORED.exec(stored ?? '') ?? [];
  return Number(enteredAt) > 0 || follows !== undefined;
}
