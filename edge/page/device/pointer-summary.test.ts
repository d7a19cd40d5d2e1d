import { expect, test } from 'vitest';
import { spreadOverMean, summarisePointer } from './pointer-summary.ts';

test('a straight line at one speed', () => {
  const samples = Array.from({ length: 11 }, (_, index) => ({ t: 16 * index, x: 8 * index, y: 0 }));
  expect(summarisePointer(samples)).toEqual({
    moves: 11,
    ms: 160,
    path_px: 80,
    straight: 1,
    dt_med: 16,
    dt_cv: 0,
    v_mean: 0.5,
    v_cv: 0,
    collinear: 1,
    turn: 0,
    pauses: 0,
    int_share: 1,
  });
});

test('corners, a pause and fractions of a pixel show', () => {
  const samples = [
    { t: 0, x: 0, y: 0 },
    { t: 10, x: 10, y: 0 },
    { t: 20, x: 10, y: 10 },
    { t: 300, x: 20.5, y: 10 },
  ];
  expect(summarisePointer(samples)).toMatchObject({
    pauses: 1,
    collinear: 0,
    turn: 1.571,
    int_share: 0.75,
    straight: 0.748,
  });
});

test('too few samples tell nothing, and a hand that rests divides by nothing', () => {
  expect(summarisePointer([])).toBeNull();
  expect(summarisePointer([{ t: 0, x: 1, y: 1 }])).toBeNull();
  const resting = Array.from({ length: 5 }, () => ({ t: 7, x: 3, y: 3 }));
  const summary = summarisePointer(resting);
  for (const value of Object.values(summary ?? {})) expect(Number.isFinite(value)).toBe(true);
});

test('spread over mean', () => {
  expect(spreadOverMean([2, 2, 2])).toBe(0);
  expect(spreadOverMean([1, 3])).toBe(0.5);
  expect(spreadOverMean([])).toBe(0);
});
