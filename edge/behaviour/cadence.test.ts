import { expect, it } from 'vitest';
import { cadence } from './cadence.ts';

const gaps = (medianMs: number, variation = 0.6) => ({ minMs: medianMs / 2, medianMs, variation });
const rulesOf = (...args: Parameters<typeof cadence>) => cadence(...args).map(({ rule }) => rule);

it('forgives a double click and an impatient finger', () => {
  expect(rulesOf(2, gaps(60))).toEqual([]);
  expect(rulesOf(9, gaps(400))).toEqual([]);
});

it('finds bursts', () => {
  expect(rulesOf(5, gaps(90))).toEqual(['burst']);
  expect(rulesOf(12, gaps(300))).toEqual(['burst']);
});

it("finds a clock's rhythm", () => {
  expect(rulesOf(7, gaps(1_000, 0.01))).toEqual(['even-rhythm']);
  // A page that asks again every few seconds keeps time as well.
  expect(rulesOf(7, gaps(3_000, 0.01))).toEqual([]);
});
