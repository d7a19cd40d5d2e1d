import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chanceOf, type Forecast, type Outlook, waitOf } from './outlook.ts';

const outlook: Outlook = {
  ...{ reach: 20_000, pace: 0.5, paceSpread: 0.1, units: 100, unitsError: 5 },
  ...{ takeShare: 0.5, takeShareError: 0.05, leastChance: 0 },
};
const clock = { virtualAt: 1_000, realAt: 0, speed: 0.5, virtualUntil: 9e14, term: 1, version: 1 };
const at = (changes: Partial<Outlook> = {}): Forecast => ({
  clock,
  ratePerSecond: 10,
  outlook: { ...outlook, ...changes },
});

describe('a wait', () => {
  it('is the way to the turn at the pace of the line, with a range around it', () => {
    const wait = waitOf(6_000, at(), 0);
    expect(wait?.seconds).toBe(10);
    expect([wait?.low, wait?.high]).toEqual([9, 12]);
    expect(waitOf(6_000, at(), 4_000)?.seconds).toBe(6);
    expect(waitOf(500, at(), 0)?.seconds).toBe(0);
  });

  it('is not told where nobody can know: beyond the units, or while the clock stands', () => {
    expect(waitOf(20_001, at(), 0)).toBeNull();
    expect(waitOf(6_000, at({ pace: 0 }), 0)).toBeNull();
    expect(waitOf(6_000, { ...at(), outlook: null }, 0)).toBeNull();
  });
});

describe('a chance', () => {
  it('lies from 0 to 1 and falls with every place ahead, whatever the outlook', () => {
    const any = fc.record({
      units: fc.double({ min: -1e4, max: 1e6, noNaN: true }),
      unitsError: fc.double({ min: 0, max: 1e5, noNaN: true }),
      takeShare: fc.double({ min: 0.01, max: 1, noNaN: true }),
      takeShareError: fc.double({ min: 0, max: 0.3, noNaN: true }),
    });
    fc.assert(
      fc.property(any, fc.nat(1e7), (changes, turn) => {
        const forecast = at({ ...changes, units: Math.abs(changes.units) });
        const chance = chanceOf(turn, forecast, 0) ?? Number.NaN;
        expect(chance).toBeGreaterThanOrEqual(0);
        expect(chance).toBeLessThanOrEqual(1);
        const behind = chanceOf(turn + 100_000, forecast, 0) ?? Number.NaN;
        expect(behind).toBeLessThanOrEqual(chance + 1e-9);
      }),
    );
  });

  it('is even where as many units as takers are ahead, and nearly certain at the front', () => {
    expect(chanceOf(21_000, at(), 0)).toBeCloseTo(0.5, 2);
    expect(chanceOf(2_000, at(), 0)).toBeGreaterThan(0.99);
    expect(chanceOf(200_000, at(), 0)).toBeLessThan(0.01);
  });

  it('is not told while it is low and nothing is known, or nothing at all', () => {
    expect(chanceOf(200_000, at({ leastChance: 0.2 }), 0)).toBeNull();
    expect(chanceOf(2_000, at({ leastChance: 0.2 }), 0)).toBeGreaterThan(0.99);
    expect(chanceOf(2_000, { ...at(), outlook: null }, 0)).toBeNull();
  });
});
