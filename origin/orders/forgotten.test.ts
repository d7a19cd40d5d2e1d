import { encodeTime, TIME_LEN } from 'ulid';
import { expect, it } from 'vitest';
import { mintUlid } from '../../shared/order-id.ts';
import { mayBeForgotten } from './forgotten.ts';

const DAY_MS = 86_400_000;
const NOW = 1_800_000_000_000;
const ulidOf = (ageDays: number): string =>
  encodeTime(NOW - ageDays * DAY_MS) + mintUlid(NOW).slice(TIME_LEN);

it.each([
  ['an order of a sale that is old', 8, 9, true],
  ['a place of today in a sale that is old', 0, 9, false],
  // Otherwise everybody who waited for the draw would be asked of the database at its start.
  ['a place that was drawn long before the sale began', 30, 0, false],
  ['a place that was drawn long before, in a sale that is old', 30, 9, true],
  ['the week in which Redis knows for certain', 5.9, 9, false],
])('%s', (_what, ageDays, startedDaysAgo, expected) => {
  const startAt = NOW - startedDaysAgo * DAY_MS;
  expect(mayBeForgotten(ulidOf(ageDays), { startAt }, NOW)).toBe(expected);
});
