import { expect, it } from 'vitest';
import type { Forecast } from '../../shared/outlook.ts';
import { newForecastRecord, noteForecast, scoreForecasts } from './forecast-record.ts';

const forecast = (changes: Partial<NonNullable<Forecast['outlook']>> = {}): Forecast => ({
  ratePerSecond: 10,
  clock: { virtualAt: 0, realAt: 10_000, speed: 1, virtualUntil: 9e14, term: 1, version: 1 },
  outlook: {
    ...{ reach: 100_000, pace: 1, paceSpread: 0.1, units: 10, unitsError: 1 },
    ...{ takeShare: 1, takeShareError: 0, leastChance: 0 },
    ...changes,
  },
});
const line = { frontier: 60_000, nowMs: 10_000 };

it('scores a wait when its turn has come: how far off it was, and whether in range', () => {
  const record = newForecastRecord();
  noteForecast(record, forecast(), line);
  const [noted] = record.open;
  if (noted === undefined) throw new Error('nothing was noted');
  const speed = 1;
  expect(scoreForecasts(record, { nowMs: 11_000, virtualMs: noted.turn - 1, speed })).toEqual([]);
  const late = { nowMs: 10_000 + 2 * noted.turn, virtualMs: noted.turn, speed: 0.5 };
  expect(scoreForecasts(record, late)).toEqual([{ relativeError: 0.5, isInRange: false }]);
  expect(record.open).toEqual([]);
  noteForecast(record, forecast(), { ...line, nowMs: 20_000 });
  const [next] = record.open;
  const inTime = { nowMs: 10_000 + (next?.turn ?? 0), virtualMs: next?.turn ?? 0, speed };
  const [score] = scoreForecasts(record, inTime);
  expect(score?.isInRange).toBe(true);
  expect(score?.relativeError).toBeCloseTo(0, 5);
});

it('notes none that nobody can know, and keeps no more than 64 open', () => {
  const record = newForecastRecord();
  noteForecast(record, forecast({ reach: 0 }), line);
  noteForecast(record, forecast({ pace: 0 }), { ...line, nowMs: 20_000 });
  noteForecast(record, { ...forecast(), outlook: null }, { ...line, nowMs: 30_000 });
  expect(record.open).toEqual([]);
  for (let round = 0; round < 200; round += 1) {
    noteForecast(record, forecast({ reach: 9e12 }), {
      frontier: 9e9,
      nowMs: 40_000 + 2_000 * round,
    });
  }
  expect(record.open).toHaveLength(64);
});
