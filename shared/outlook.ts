// What a line may expect, as its leader knows it, and what it tells a place: how long, how likely.
import * as v from 'valibot';
import { type LineClock, virtualTime } from './clock.ts';

const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const amount = v.pipe(v.number(), v.minValue(0));

export const outlookSchema = v.object({
  /** Virtual ms up to which the units in hand reach: nobody knows a wait beyond. */
  reach: v.pipe(v.number(), v.safeInteger()),
  /** Virtual ms in a real ms while the units last; 0 while the clock stands. */
  pace: amount,
  /** By which share of it the pace may differ, in 19 of 20 waits. */
  paceSpread: share,
  /** Units that those who wait may still get, returns among them; may be below zero. */
  units: v.number(),
  unitsError: amount,
  /** Share of those who wait who take a unit when they are called. */
  takeShare: share,
  takeShareError: share,
  /** A lower chance is not known yet: nobody is hopeless before the first unpaid order has ended. */
  leastChance: share,
});

export type Outlook = v.InferOutput<typeof outlookSchema>;

/** The members of a status document that a place is told from. */
export interface Forecast {
  readonly clock: LineClock;
  readonly outlook: Outlook | null;
  readonly ratePerSecond: number;
}

export interface WaitEstimate {
  readonly seconds: number;
  /** In 19 of 20 cases the wait lies from `low` to `high`. */
  readonly low: number;
  readonly high: number;
}

/**
 * How long a turn is away, in seconds not yet rounded, at server time `nowMs`; null where nobody can
 * know: the clock stands, or the units in hand do not reach so far.
 */
export function waitOf(turn: number, { clock, outlook }: Forecast, nowMs: number) {
  if (outlook === null || outlook.pace <= 0 || turn > outlook.reach) return null;
  const { pace, paceSpread } = outlook;
  const seconds = Math.max(0, turn - virtualTime(clock, nowMs)) / pace / 1000;
  const estimate: WaitEstimate = {
    seconds,
    low: seconds * (1 - paceSpread),
    high: seconds * (1 + paceSpread) + 1,
  };
  return estimate;
}

/** How likely it is that units are left at a turn, 0 … 1; null while nobody can know. */
export function chanceOf(
  turn: number,
  { clock, outlook, ratePerSecond }: Forecast,
  nowMs: number,
): number | null {
  if (outlook === null) return null;
  const { units, unitsError, takeShare, takeShareError, leastChance } = outlook;
  const ahead = Math.max(0, turn - virtualTime(clock, nowMs)) * (ratePerSecond / 1000);
  const variance =
    unitsError ** 2 + (ahead * takeShareError) ** 2 + ahead * takeShare * (1 - takeShare);
  const x = (units - ahead * takeShare) / Math.sqrt(variance + 0.25);
  // The normal distribution, to a ten-thousandth.
  const chance = 1 / (1 + Math.exp(-1.5976 * x - 0.07056 * x ** 3));
  return chance < leastChance ? null : chance;
}
