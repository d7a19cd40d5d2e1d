import { describe, expect, it } from 'vitest';
import { activityRow } from '../test/activity-rows.ts';
import { isClockDue, mustSetClock } from './clock.ts';
import type { StoredClock } from './stored-line.ts';

const row = activityRow({ activityId: 'a' });
const clock: StoredClock = {
  ...{ activityId: 'a', virtualAt: 0, realAt: 0, speed: 1, virtualUntil: 9e14 },
  ...{ term: 5, version: 1, rate: 10, capacity: 10, window: 30_000 },
  ...{ startAt: 200_000, endAt: 900_000, queueLimit: 1_000, waited: 0 },
};
const bucket = { balance: 10, lastMs: 0, remainder: 0 };
const wanted = { term: 5, speed: 1 };
const mustSet = (changes: Partial<StoredClock>, term = 5) =>
  mustSetClock(row, { clock: { ...clock, ...changes }, bucket }, { term, speed: 1 });

describe('the clock must be set', () => {
  it('where there is none, or no bucket', () => {
    expect(mustSetClock(row, { clock: undefined, bucket: undefined }, wanted)).toBe(true);
    expect(mustSetClock(row, { clock, bucket: undefined }, wanted)).toBe(true);
    expect(mustSet({})).toBe(false);
  });

  it('where it is another activity’s, whatever its term', () => {
    expect(mustSet({ activityId: 'b', term: 9 })).toBe(true);
  });

  it('by a new leader, and never by one of a lower term', () => {
    expect(mustSet({}, 6)).toBe(true);
    expect(mustSet({}, 4)).toBe(false);
    expect(mustSet({ speed: 0 }, 4)).toBe(false);
  });

  it.each([
    { speed: 0 },
    { rate: 11 },
    { capacity: 9 },
    { window: 1 },
    { startAt: 1 },
    { endAt: 1 },
    { queueLimit: 1 },
  ])('where its terms are not the activity’s: %o', (changes) => {
    expect(mustSet(changes)).toBe(true);
  });

  it('to stand still while the activity is paused', () => {
    const stands = { term: 5, speed: 0 };
    expect(mustSetClock(row, { clock, bucket }, stands)).toBe(true);
    expect(mustSetClock(row, { clock: { ...clock, speed: 0 }, bucket }, stands)).toBe(false);
  });

  it('not for another speed alone: that waits for the next round', () => {
    expect(mustSet({ speed: 0.5 })).toBe(false);
  });

  it('each second while the sale runs, and from two seconds before its start', () => {
    const due = (nowMs: number, setAt: number) => isClockDue(row, setAt, nowMs);
    expect(due(300_000, 299_000)).toBe(true);
    expect(due(300_000, 299_500)).toBe(false);
    expect([197_000, 199_000, 899_999, 900_000].map((nowMs) => due(nowMs, 0))).toEqual([
      ...[false, true, true, false],
    ]);
  });
});
