import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pollAfter, queuedMembers, readyMembers } from './waiting.ts';

const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const moments = fc
  .record({
    virtualMs: fc.nat(1e9),
    aheadMs: fc.integer({ min: 1, max: 1e8 }),
    ratePerSecond: fc.integer({ min: 1, max: 100_000 }),
    speed: fc.constantFrom(0.1, 0.5, 1, 2),
  })
  .map(({ aheadMs, ...moment }) => {
    const turn = moment.virtualMs + aheadMs;
    return { ...moment, turn, until: turn + 30_000 };
  });

describe('a waiting person', () => {
  it('is told a range that holds the true wait', () => {
    fc.assert(
      fc.property(moments, share, (moment, random) => {
        const waitSeconds = (moment.turn - moment.virtualMs) / moment.speed / 1000;
        const { waitRangeSeconds, estimatedWaitSeconds } = queuedMembers(moment, () => random);
        const [low = 0, high = 0] = waitRangeSeconds ?? [];
        expect(low).toBeLessThanOrEqual(waitSeconds);
        expect(high).toBeGreaterThanOrEqual(waitSeconds);
        expect(estimatedWaitSeconds).toBe(Math.ceil(waitSeconds));
      }),
    );
  });

  it('comes back at a tenth of the wait, within 1 to 30 s, never past the turn', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e6, noNaN: true }), share, (waitSeconds, random) => {
        const seconds = pollAfter(waitSeconds, () => random);
        expect(Number.isInteger(seconds)).toBe(true);
        expect(seconds).toBeGreaterThanOrEqual(1);
        expect(seconds).toBeLessThanOrEqual(30);
        expect(seconds).toBeLessThanOrEqual(Math.max(1, Math.ceil(waitSeconds)));
        expect(seconds).toBeLessThanOrEqual(Math.max(1, waitSeconds / 8 + 1));
      }),
    );
  });

  it('stands at a position from 1 on', () => {
    const at = (aheadMs: number) =>
      queuedMembers(
        { turn: 1_000 + aheadMs, until: 9_000, virtualMs: 1_000, ratePerSecond: 10, speed: 1 },
        () => 0,
      ).position;
    expect([1, 100, 101, 1_000].map(at)).toEqual([1, 1, 2, 10]);
  });

  it('is told no wait that nobody can know', () => {
    const moment = { turn: 10, until: 20, virtualMs: 0, ratePerSecond: 1, speed: 0 };
    expect(queuedMembers(moment, () => 0)).toEqual({
      pollAfterSeconds: 5,
      position: 1,
      estimatedWaitSeconds: null,
      waitRangeSeconds: null,
      chance: null,
    });
  });
});

it('tells somebody whose turn it is for how long, at least', () => {
  const moment = { turn: 0, until: 5_999, virtualMs: 1_000, ratePerSecond: 1, speed: 1 };
  expect(readyMembers(moment, () => 0)).toEqual({ pollAfterSeconds: 1, readyForSeconds: 4 });
  expect(readyMembers({ ...moment, virtualMs: 7_000 }, () => 0.99)).toEqual({
    pollAfterSeconds: 3,
    readyForSeconds: 0,
  });
});
