import { expect, it } from 'vitest';
import { areaUnderCurve, precisionAt, quantile, wilson } from './statistics.ts';

it('knows how little a few sessions say', () => {
  expect(wilson(0, 1_200).high).toBeCloseTo(0.0032, 4);
  expect(wilson(100, 100).low).toBeCloseTo(0.963, 3);
  expect(wilson(0, 0)).toEqual({ low: 0, high: 1 });
});

it('ranks scores, ties counting half', () => {
  expect(areaUnderCurve([90, 80], [10, 20])).toBe(1);
  expect(areaUnderCurve([50], [50])).toBe(0.5);
  expect(areaUnderCurve([10, 90], [50])).toBe(0.5);
});

it('tells what an alarm is worth where bots are rare', () => {
  expect(precisionAt(0.01, 1, 0.01)).toBeCloseTo(0.5025, 4);
  expect(precisionAt(0.9, 1, 0.01)).toBeGreaterThan(0.99);
});

it('finds quantiles', () => {
  expect(quantile([3, 1, 2], 0.5)).toBe(2);
  expect(quantile([], 0.5)).toBe(0);
});
