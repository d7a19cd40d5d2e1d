import { expect, test } from 'vitest';
import { excessIn, type Look } from './intake.ts';

const pace = { ratePerSecond: 10, burst: 2 };
const look = (origin: number, atMs: number, entries: number, fromMs = atMs): Look => ({
  ...{ origin, fromMs, atMs, entries },
});

test('two origins count together', () => {
  const looks = [look(0, 0, 0), look(1, 0, 0), look(0, 1_000, 10), look(1, 1_000, 10)];
  expect(excessIn(pace, looks)).toBeCloseTo(20 - 14);
});

test('an origin that was killed counts from 0, and what it had seen stays', () => {
  const looks = [look(0, 0, 0), look(0, 1_000, 14), look(0, 2_000, 14)];
  expect(excessIn(pace, looks)).toBeCloseTo(0);
  const killed = [look(0, 0, 0), look(0, 1_000, 14), look(0, 2_000, 3), look(0, 2_100, 13)];
  expect(excessIn(pace, killed)).toBeCloseTo(10 - 3.2);
});

test('a total is as old as the oldest look in it', () => {
  const looks = [look(0, 0, 0), look(1, 0, 0), look(1, 5_000, 0), look(0, 5_001, 60)];
  expect(excessIn(pace, looks)).toBeLessThanOrEqual(0);
});
