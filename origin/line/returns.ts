// How many unpaid orders end unpaid, from the numbers of a sale.
import type { Returns } from './outlook-of.ts';

export interface SaleNumbers {
  /** Units reserved or paid. */
  readonly sold: number;
  readonly held: number;
  /** Number of the last event of the epoch. */
  readonly sequence: number;
}

/** How many orders had been made at some moments, oldest first. */
export interface OrderHistory {
  readonly samples: { readonly at: number; readonly made: number }[];
}

export const newOrderHistory = (): OrderHistory => ({ samples: [] });

const UNKNOWN: Omit<Returns, 'open'> = { share: 0.25, error: 0.15, isMeasured: false };
const MEASURED_ERROR = 0.05;
const MOST = 0.9;
const SAMPLES_PER_WINDOW = 100;

/**
 * Measured over orders whose time to pay is over: payments come early and ends late, so that any
 * other count says too little. Each order is one event when it is made and one when it ends, by
 * which sold, held and the events tell how many were cancelled. A rebuild begins the numbers anew.
 */
export function returnsOf(
  history: OrderHistory,
  { sold, held, sequence }: SaleNumbers,
  { nowMs, payWindowMs }: { readonly nowMs: number; readonly payWindowMs: number },
): Returns {
  const paid = Math.max(0, sold - held);
  const cancelled = Math.max(0, Math.floor((sequence - sold - paid) / 2));
  const over = madeBefore(history, { at: nowMs, made: sold + cancelled }, payWindowMs);
  const open = Math.max(held, sold + cancelled - over);
  if (over < 1) return { ...UNKNOWN, open };
  // Four orders of the first guess smooth what a handful would say.
  const share = (cancelled + 4 * UNKNOWN.share) / (over + 4);
  return { share: Math.min(MOST, share), error: MEASURED_ERROR, isMeasured: true, open };
}

/** Orders made a window ago; 0 where this leader was not there to see. */
function madeBefore(
  { samples }: OrderHistory,
  now: OrderHistory['samples'][number],
  windowMs: number,
): number {
  const last = samples.at(-1);
  if (last !== undefined && now.made < last.made) samples.length = 0;
  if (last === undefined || now.at - last.at >= windowMs / SAMPLES_PER_WINDOW) samples.push(now);
  const later = samples.findIndex(({ at }) => at > now.at - windowMs);
  // One sample older than the window stays: what was made by then is over.
  if (later > 1) samples.splice(0, later - 1);
  const oldest = samples[0];
  return oldest !== undefined && oldest.at <= now.at - windowMs ? oldest.made : 0;
}
