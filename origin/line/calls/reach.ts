// How far the clock may run: never ahead of the goods.

/** For so long units must have been there before they call somebody: those who were called and
 * found none ask again within it, and are served first. */
export const GOODS_WINDOW_MS = 5_000;
/** A clock whose leader is dead runs on for so long, in virtual ms. */
const LEASH_MS = 5_000;
/** So many standard deviations more than expected may come, and still find their units. */
const CAUTION = 1.5;

export interface Goods {
  /** F: the fewest sellable units of the last seconds. */
  readonly fewestUnits: number;
  /** Tokens that newcomers may take at once, without being called. */
  readonly spareTokens: number;
  /** E. */
  readonly expected: number;
  /** 1 - S(W). */
  readonly comeShare: number;
}

export interface Reach {
  /** Virtual ms up to which the units in hand reach. */
  readonly reach: number;
  readonly virtualUntil: number;
}

export function reachOf(
  { fewestUnits, spareTokens, expected, comeShare }: Goods,
  virtualMs: number,
  ratePerSecond: number,
): Reach {
  // As many as expected come half the time, and more in the other half.
  const coming = expected + CAUTION * Math.sqrt(expected);
  const spare = fewestUnits - coming - spareTokens + 0.5;
  // Without a unit the half would call somebody all the same, where few of the called come.
  const places = fewestUnits > 0 ? Math.max(0, Math.floor(spare / Math.max(comeShare, 0.01))) : 0;
  const reach = virtualMs + Math.floor((1000 * places) / ratePerSecond);
  return { reach, virtualUntil: Math.min(reach, virtualMs + LEASH_MS) };
}

/** Sellable units in the last seconds. */
export interface GoodsWindow {
  /** Epoch ms; 0 never. */
  blockedAt: number;
  readonly samples: { readonly at: number; readonly units: number }[];
}

const MAX_SAMPLES = 64;

/** F after this look; `units` undefined: nobody could get one, whatever the stock. */
export function fewestUnits(window: GoodsWindow, nowMs: number, units: number | undefined): number {
  if (units === undefined) window.blockedAt = Math.max(window.blockedAt, nowMs);
  else window.samples.push({ at: nowMs, units });
  const oldest = window.samples.findIndex(({ at }) => nowMs - at <= GOODS_WINDOW_MS);
  const excess = Math.max(oldest, window.samples.length - MAX_SAMPLES);
  window.samples.splice(0, oldest === -1 ? window.samples.length : excess);
  const isBlocked = window.blockedAt > 0 && nowMs - window.blockedAt < GOODS_WINDOW_MS;
  if (isBlocked || window.samples.length === 0) return 0;
  return Math.max(0, Math.min(...window.samples.map((sample) => sample.units)));
}
