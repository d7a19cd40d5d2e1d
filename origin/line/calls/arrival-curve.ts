// How long called people take to come, learnt as they come (Kaplan and Meier, with a prior): what
// share of those who were called and have not come may still be expected.

export interface ArrivalCurve {
  readonly windowSeconds: number;
  /** Width of one bin of ages: one second, wider for windows of more than MAX_BINS seconds. */
  readonly binSeconds: number;
  /** People who came at an age, faded. */
  readonly come: Float64Array;
  /** Seconds that called places spent at an age without coming, faded. */
  readonly risk: Float64Array;
  /** Hazard per second at each age as long as nothing is known. */
  readonly prior: Float64Array;
}

/** Also the most entries of a call log: each round's cost is bounded by it. */
export const MAX_BINS = 120;
const PRIOR_SHARE = 0.98;
const PRIOR_SIGMA = 0.6;
/** The prior weighs as much as so many seconds at an age. */
const PRIOR_WEIGHT = 3;

export function newArrivalCurve(windowSeconds: number): ArrivalCurve {
  const binSeconds = Math.max(1, Math.ceil(windowSeconds / MAX_BINS));
  const bins = Math.ceil(windowSeconds / binSeconds);
  const stays = (age: number): number => {
    const come = age <= 0 ? 0 : normal(Math.log((6 * age) / windowSeconds) / PRIOR_SIGMA);
    return 1 - PRIOR_SHARE * come;
  };
  const prior = Float64Array.from({ length: bins }, (_, bin) => {
    return Math.log(stays(bin * binSeconds) / stays((bin + 1) * binSeconds)) / binSeconds;
  });
  return {
    ...{ windowSeconds, binSeconds, prior },
    come: new Float64Array(bins),
    risk: new Float64Array(bins),
  };
}

/** What was seen counts half after one window. */
export function fade({ come, risk, windowSeconds }: ArrivalCurve, elapsedSeconds: number): void {
  const kept = 2 ** (-elapsedSeconds / windowSeconds);
  for (let bin = 0; bin < come.length; bin += 1) {
    come[bin] = (come[bin] ?? 0) * kept;
    risk[bin] = (risk[bin] ?? 0) * kept;
  }
}

/** Ages beyond the window are not counted. */
export function addCome(curve: ArrivalCurve, ageSeconds: number, people: number): void {
  add(curve.come, Math.floor(ageSeconds / curve.binSeconds), people);
}

export function addRisk(curve: ArrivalCurve, ageSeconds: number, placeSeconds: number): void {
  add(curve.risk, Math.floor(ageSeconds / curve.binSeconds), placeSeconds);
}

function add(bins: Float64Array, bin: number, amount: number): void {
  const at = Math.max(0, bin);
  if (at < bins.length) bins[at] = (bins[at] ?? 0) + amount;
}

/** The share of called people who have not come by an age in seconds: 1 at 0, falling. */
export type Stays = (ageSeconds: number) => number;

/** S of the curve as it is now, from ages in seconds up to the window. */
export function staysOf({ come, risk, prior, binSeconds, windowSeconds }: ArrivalCurve): Stays {
  const sums = new Float64Array(prior.length + 1);
  for (let bin = 0; bin < prior.length; bin += 1) {
    const hazard =
      ((come[bin] ?? 0) + PRIOR_WEIGHT * (prior[bin] ?? 0)) / ((risk[bin] ?? 0) + PRIOR_WEIGHT);
    sums[bin + 1] = (sums[bin] ?? 0) + hazard * binSeconds;
  }
  return (ageSeconds) => {
    const at = Math.min(Math.max(0, ageSeconds), windowSeconds) / binSeconds;
    const bin = Math.min(Math.floor(at), prior.length - 1);
    const [from = 0, to = 0] = [sums[bin], sums[bin + 1]];
    return Math.exp(-(from + (to - from) * (at - bin)));
  };
}

/** The normal distribution's share below x (Abramowitz and Stegun 26.2.17, to 7.5e-8). */
export function normal(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const series =
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * series;
  return x >= 0 ? 1 - tail : tail;
}
