// What the stored token bucket tells about the line, without taking a token.
import type { Bucket, Pace } from '../../shared/bucket.ts';

/** People whose turn has not come at virtual time `virtualMs`: what the refill has not paid yet. */
export function waitingAt(bucket: Bucket, { ratePerSecond }: Pace, virtualMs: number): number {
  const elapsedMs = Math.max(0, virtualMs - bucket.lastMs);
  const credit = Math.floor((bucket.remainder + elapsedMs * ratePerSecond) / 1000);
  return Math.max(0, -(bucket.balance + credit));
}

/** The highest turn given out: the line goes on behind it when its Redis has lost it. */
export function frontierOf(bucket: Bucket, { ratePerSecond }: Pace): number {
  if (bucket.balance >= 0) return bucket.lastMs;
  return bucket.lastMs + Math.ceil((1000 * -bucket.balance - bucket.remainder) / ratePerSecond);
}
