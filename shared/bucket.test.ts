import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fullBucket, positionOf, takeTurn } from './bucket.ts';

const pace = fc
  .record({
    ratePerSecond: fc.integer({ min: 1, max: 100_000 }),
    extra: fc.integer({ min: 0, max: 5_000 }),
  })
  .map(({ ratePerSecond, extra }) => ({
    ratePerSecond,
    capacity: Math.max(1, Math.ceil(ratePerSecond / 1000)) + extra,
  }));
const gaps = fc.array(
  fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 5_000 })),
  {
    minLength: 1,
    maxLength: 300,
  },
);

function turnsOf(
  given: { ratePerSecond: number; capacity: number },
  steps: readonly number[],
): number[] {
  let bucket = fullBucket(given);
  let virtualMs = 0;
  return steps.map((gap) => {
    virtualMs += gap;
    const taken = takeTurn(bucket, given, virtualMs);
    bucket = taken.bucket;
    return taken.turn;
  });
}

describe('the bucket that goes below zero', () => {
  it('gives turns in the order of arrival', () => {
    fc.assert(
      fc.property(pace, gaps, (given, steps) => {
        const turns = turnsOf(given, steps);
        expect(turns).toEqual([...turns].sort((a, b) => a - b));
      }),
    );
  });

  it('lets at most C + ⌊(Δ·r + 999)/1000⌋ turns fall due in any Δ virtual ms', () => {
    fc.assert(
      fc.property(pace, gaps, (given, steps) => {
        const { ratePerSecond, capacity } = given;
        const turns = turnsOf(given, steps);
        for (const [first, from] of turns.entries()) {
          for (let last = first; last < turns.length; last += 1) {
            const delta = (turns[last] ?? 0) - from;
            const most = capacity + Math.floor((delta * ratePerSecond + 999) / 1000);
            expect(last - first + 1).toBeLessThanOrEqual(most);
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it('loses and invents no token: people in line all the time are served at exactly the rate', () => {
    fc.assert(
      fc.property(pace, fc.integer({ min: 1, max: 400 }), (given, waiting) => {
        const { ratePerSecond, capacity } = given;
        const turns = turnsOf(
          given,
          Array.from({ length: capacity + waiting }, () => 0),
        );
        expect(turns.at(-1)).toBe(Math.ceil((1000 * waiting) / ratePerSecond));
      }),
      { numRuns: 30 },
    );
  });

  it('credits every thousandth, however often it is asked', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2_000 }),
        fc.integer({ min: 1, max: 3_000 }),
        (rate, steps) => {
          const given = { ratePerSecond: rate, capacity: 1_000_000_000 };
          let bucket = { balance: -1_000_000, lastMs: 0, remainder: 0 };
          for (let ms = 1; ms <= steps; ms += 1) bucket = takeTurn(bucket, given, ms).bucket;
          expect(bucket.balance).toBe(-1_000_000 - steps + Math.floor((steps * rate) / 1000));
        },
      ),
      { numRuns: 30 },
    );
  });

  it('counts the first in line as position 1', () => {
    expect(positionOf(1_001, 1_000, 1_000)).toBe(1);
    expect(positionOf(2_000, 1_000, 1_000)).toBe(1_000);
    expect(positionOf(1_000, 1_000, 5)).toBe(1);
  });
});
