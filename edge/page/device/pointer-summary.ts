// How a pointer moved, in a dozen numbers: enough to tell a hand from a straight line, too little
// to know it again.

export interface PointerSample {
  /** Milliseconds. */
  readonly t: number;
  readonly x: number;
  readonly y: number;
}

export interface PointerSummary {
  readonly moves: number;
  /** From the first sample to the last. */
  readonly ms: number;
  readonly path_px: number;
  /** Distance from first to last over the path: 1 is a straight line. */
  readonly straight: number;
  /** Between two samples: median ms, and spread over mean. */
  readonly dt_med: number;
  readonly dt_cv: number;
  /** Pixels per ms: mean, and spread over mean. */
  readonly v_mean: number;
  readonly v_cv: number;
  /** Share of corners that are none. */
  readonly collinear: number;
  /** Mean turn at a corner, radians. */
  readonly turn: number;
  readonly pauses: number;
  /** Share of samples at whole pixels. */
  readonly int_share: number;
}

const PAUSE_MS = 100;
const LEAST_SAMPLES = 3;

/** Nothing where too few samples tell too little. */
export function summarisePointer(samples: readonly PointerSample[]): PointerSummary | null {
  const [first, last] = [samples[0], samples.at(-1)];
  if (samples.length < LEAST_SAMPLES || first === undefined || last === undefined) return null;
  const steps = stepsOf(samples);
  const turns = steps.slice(1).map((step, index) => turnBetween(steps[index] ?? step, step));
  const waits = steps.map(({ ms }) => ms);
  const speeds = steps.map(({ px, ms }) => px / Math.max(1, ms));
  const path = sum(steps.map(({ px }) => px));
  const whole = samples.filter(({ x, y }) => Number.isInteger(x) && Number.isInteger(y));
  return {
    moves: samples.length,
    ms: Math.round(last.t - first.t),
    path_px: Math.round(path),
    straight: path === 0 ? 0 : short(Math.hypot(last.x - first.x, last.y - first.y) / path),
    dt_med: Math.round(median(waits)),
    dt_cv: spreadOverMean(waits),
    v_mean: short(mean(speeds)),
    v_cv: spreadOverMean(speeds),
    collinear: short(turns.filter((turn) => turn === 0).length / turns.length),
    turn: short(mean(turns)),
    pauses: waits.filter((wait) => wait > PAUSE_MS).length,
    int_share: short(whole.length / samples.length),
  };
}

interface Step {
  readonly dx: number;
  readonly dy: number;
  readonly px: number;
  readonly ms: number;
}

function stepsOf(samples: readonly PointerSample[]): Step[] {
  return samples.slice(1).map((sample, index) => {
    const before = samples[index] ?? sample;
    const [dx, dy] = [sample.x - before.x, sample.y - before.y];
    return { dx, dy, px: Math.hypot(dx, dy), ms: sample.t - before.t };
  });
}

function turnBetween(one: Step, other: Step): number {
  const cross = one.dx * other.dy - one.dy * other.dx;
  const dot = one.dx * other.dx + one.dy * other.dy;
  return Math.abs(Math.atan2(cross, dot));
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]) => sum(values) / Math.max(1, values.length);
const short = (value: number) => Math.round(value * 1000) / 1000;

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}

/** The coefficient of variation: 0 where all are equal. */
export function spreadOverMean(values: readonly number[]): number {
  const middle = mean(values);
  if (middle === 0) return 0;
  return short(Math.sqrt(mean(values.map((value) => (value - middle) ** 2))) / middle);
}
