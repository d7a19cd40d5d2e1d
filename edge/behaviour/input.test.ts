import { describe, expect, it } from 'vitest';
import type { InputSummary } from '../../shared/device.ts';
import { input } from './input.ts';

const pointer = {
  ...{ moves: 90, ms: 2_900, path_px: 700, straight: 0.5, dt_med: 17, dt_cv: 1.4 },
  ...{ v_mean: 0.4, v_cv: 1.1, collinear: 0.5, turn: 0.2, pauses: 3, int_share: 1 },
};
const mouse: InputSummary = {
  ...{ pointer, clicks: 2, keys: 0, touches: 0, scrolls: 3, trusted: true },
  ...{ dwell_ms: 20_000, first_input_ms: 1_200 },
};
const rulesOf = (summary: InputSummary, accounts = 1) =>
  input(summary, accounts).map(({ rule }) => rule);

describe('people', () => {
  const without = { ...mouse, pointer: null, clicks: 0 };
  it.each([
    ['with a mouse', mouse],
    ['with keys alone', { ...without, keys: 20 }],
    ['with fingers alone', { ...without, touches: 9, touch_dt_cv: 0.8 }],
    ['whose clock was set', { ...mouse, dwell_ms: -3_000 }],
    ['with hardly a movement', { ...mouse, pointer: { ...pointer, moves: 3, v_cv: 0.1 } }],
  ])('%s', (_who, summary) => {
    expect(rulesOf(summary)).toEqual([]);
  });
});

it('finds a page that nobody touched', () => {
  const untouched = { ...mouse, pointer: null, clicks: 0, scrolls: 0, first_input_ms: null };
  expect(rulesOf(untouched)).toEqual(['no-input']);
  expect(rulesOf({ ...untouched, clicks: 1 })).toEqual(['no-input', 'click-from-nowhere']);
});

it('finds hands that no person has', () => {
  const drawn = { ...pointer, int_share: 0, v_cv: 0.02, dt_cv: 0.03 };
  expect(rulesOf({ ...mouse, pointer: drawn })).toEqual([
    'pointer-between-pixels',
    'pointer-never-slower',
    'pointer-without-rest',
  ]);
});

it('finds one recording under many users', () => {
  expect(rulesOf(mouse, 2)).toEqual([]);
  expect(rulesOf(mouse, 3)).toEqual(['input-repeated']);
});
