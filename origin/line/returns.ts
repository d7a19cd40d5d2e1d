// How many unpaid orders end unpaid, from the numbers of a sale.
import type { Returns } from './outlook-of.ts';

export interface SaleNumbers {
  /** Units reserved or paid. */
  readonly sold: number;
  readonly held: number;
  /** Number of the last event of the epoch. */
  readonly sequence: number;
  readonly isFirstPayByPast: boolean;
}

const UNKNOWN: Returns = { share: 0.25, error: 0.15, isMeasured: false };
const MEASURED_ERROR = 0.05;
const MOST = 0.9;

/**
 * Each order is one event when it is made and one when it ends, so that sold, held and the events
 * tell how many were cancelled. A rebuild begins the numbers anew: then nothing is known for a
 * while.
 */
export function returnsOf({ sold, held, sequence, isFirstPayByPast }: SaleNumbers): Returns {
  if (!isFirstPayByPast) return UNKNOWN;
  const paid = sold - held;
  const cancelled = Math.floor((sequence - sold - paid) / 2);
  if (paid < 0 || cancelled < 0 || paid + cancelled === 0) return { ...UNKNOWN, isMeasured: true };
  // Four orders of the first guess smooth what a handful would say.
  const share = (cancelled + 4 * UNKNOWN.share) / (paid + cancelled + 4);
  return { share: Math.min(MOST, share), error: MEASURED_ERROR, isMeasured: true };
}
