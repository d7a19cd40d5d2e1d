// The token bucket that goes below zero: its negative value is the number of people who wait.
// This is the arithmetic of `lua/include/bucket.lua` once more, as the model that tests hold
// the script against and the edge estimates with.

export interface Bucket {
  /** Whole tokens; negative: people in line. */
  readonly balance: number;
  /** Virtual milliseconds of the last refill. */
  readonly lastMs: number;
  /** Thousandths of a token not yet credited, 0 … 999. */
  readonly remainder: number;
}

export interface Pace {
  /** Whole tokens per virtual second. */
  readonly ratePerSecond: number;
  readonly capacity: number;
}

export const fullBucket = ({ capacity }: Pace): Bucket => ({
  balance: capacity,
  lastMs: 0,
  remainder: 0,
});

/** Takes one token at virtual time `virtualMs` and tells the turn: the moment the place may enter. */
export function takeTurn(
  bucket: Bucket,
  { ratePerSecond, capacity }: Pace,
  virtualMs: number,
): { readonly bucket: Bucket; readonly turn: number } {
  const lastMs = Math.max(bucket.lastMs, virtualMs);
  const credit = bucket.remainder + (lastMs - bucket.lastMs) * ratePerSecond;
  let balance = bucket.balance + Math.floor(credit / 1000);
  let remainder = credit % 1000;
  if (balance >= capacity) {
    balance = capacity;
    remainder = 0;
  }
  balance -= 1;
  const waiting = Math.max(0, -balance);
  const turn =
    waiting === 0 ? lastMs : lastMs + Math.ceil((1000 * waiting - remainder) / ratePerSecond);
  return { bucket: { balance, lastMs, remainder }, turn };
}

/** How many places at most have a turn in (virtualMs, turn]: the position in line, from 1. */
export function positionOf(turn: number, virtualMs: number, ratePerSecond: number): number {
  return Math.max(1, Math.ceil(((turn - virtualMs) * ratePerSecond) / 1000));
}
