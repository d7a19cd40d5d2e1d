// The line scores itself: waits that it told are held against the waits that came true.
import { virtualTime } from '../../shared/clock.ts';
import { type Forecast, waitOf } from '../../shared/outlook.ts';

interface Prediction {
  readonly turn: number;
  readonly madeAt: number;
  readonly seconds: number;
  readonly low: number;
  readonly high: number;
}

export interface ForecastRecord {
  readonly open: Prediction[];
  notedAt: number;
  noted: number;
}

export interface Score {
  /** How far the told wait was off, as a share of the real one. */
  readonly relativeError: number;
  readonly isInRange: boolean;
}

const NOTE_EVERY_MS = 2_000;
const MAX_OPEN = 64;
/** Nobody reads a shorter wait before it is over. */
const SHORTEST_SECONDS = 2;
/** Spreads the samples over the line evenly, whatever its length. */
const GOLDEN = 0.6180339887498949;

export const newForecastRecord = (): ForecastRecord => ({ open: [], notedAt: 0, noted: 0 });

/** Notes what somebody in the line would be told now; `frontier` is the highest turn given out. */
export function noteForecast(
  record: ForecastRecord,
  forecast: Forecast,
  { frontier, nowMs }: { readonly frontier: number; readonly nowMs: number },
): void {
  if (nowMs - record.notedAt < NOTE_EVERY_MS || record.open.length >= MAX_OPEN) return;
  record.notedAt = nowMs;
  record.noted += 1;
  const virtualMs = virtualTime(forecast.clock, nowMs);
  const part = (record.noted * GOLDEN) % 1;
  const turn = Math.ceil(virtualMs + part * (frontier - virtualMs));
  const wait = turn <= virtualMs ? null : waitOf(turn, forecast, nowMs);
  if (wait === null || wait.seconds < SHORTEST_SECONDS) return;
  record.open.push({ turn, madeAt: nowMs, ...wait });
}

/** Takes out what came true by now. */
export function scoreForecasts(
  { open }: ForecastRecord,
  { nowMs, virtualMs, speed }: { nowMs: number; virtualMs: number; speed: number },
): Score[] {
  const scores: Score[] = [];
  for (let index = open.length - 1; index >= 0; index -= 1) {
    const prediction = open[index];
    if (prediction === undefined || prediction.turn > virtualMs) continue;
    open.splice(index, 1);
    // The turn came between two looks: as long ago as the clock has run since.
    const sinceMs = speed > 0 ? Math.min(1_500, (virtualMs - prediction.turn) / speed) : 0;
    const seconds = Math.max(0.001, (nowMs - sinceMs - prediction.madeAt) / 1000);
    scores.push({
      relativeError: Math.abs(prediction.seconds - seconds) / seconds,
      isInRange: seconds >= prediction.low && seconds <= prediction.high,
    });
  }
  return scores;
}
