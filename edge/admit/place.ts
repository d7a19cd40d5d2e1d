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
}

const STORED = /^[0-9A-Z]{26} \d+ \d+ (\d+)$/;

/** Whether a place, as `lua/include/place.lua` writes it, has been forwarded: an order may exist. */
export function hasEntered(stored: string | null): boolean {
  return Number(STORED.exec(stored ?? '')?.[1] ?? '0') > 0;
}
