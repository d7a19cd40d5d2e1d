import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addCome, addRisk, fade, newArrivalCurve, normal, staysOf } from './arrival-curve.ts';

interface Seen {
  readonly kind: 'come' | 'risk';
  readonly age: number;
  readonly amount: number;
  readonly fadeAfter: number;
}

/** The rule as it is written: S(a) = exp(-sum of h(i), i < a), each sum taken anew. */
function plainStays(windowSeconds: number, seen: readonly Seen[], age: number): number {
  const prior = (second: number) => {
    const left = (at: number) =>
      1 - (at === 0 ? 0 : 0.98 * normal(Math.log(at / (windowSeconds / 6)) / 0.6));
    return Math.log(left(second)) - Math.log(left(second + 1));
  };
  let sum = 0;
  for (let second = 0; second < age; second += 1) {
    const of = (kind: Seen['kind']) =>
      seen.reduce((total, one, index) => {
        if (one.kind !== kind || Math.floor(one.age) !== second) return total;
        const faded = seen.slice(index).reduce((seconds, { fadeAfter }) => seconds + fadeAfter, 0);
        return total + one.amount * 0.5 ** (faded / windowSeconds);
      }, 0);
    sum += (of('come') + 3 * prior(second)) / (of('risk') + 3);
  }
  return Math.exp(-sum);
}

const windows = fc.integer({ min: 5, max: 120 });
const sights = fc.array(
  fc.record({
    kind: fc.constantFrom('come' as const, 'risk' as const),
    age: fc.double({ min: 0, max: 119, noNaN: true }),
    amount: fc.integer({ min: 0, max: 500 }),
    fadeAfter: fc.double({ min: 0, max: 60, noNaN: true }),
  }),
  { maxLength: 15 },
);

describe('the arrival curve', () => {
  it('is the rule, at every whole age', () => {
    fc.assert(
      fc.property(windows, sights, fc.nat(120), (windowSeconds, all, at) => {
        const seen = all.filter(({ age }) => age < windowSeconds);
        const curve = newArrivalCurve(windowSeconds);
        for (const { kind, age, amount, fadeAfter } of seen) {
          if (kind === 'come') addCome(curve, age, amount);
          else addRisk(curve, age, amount);
          fade(curve, fadeAfter);
        }
        const age = at % (windowSeconds + 1);
        expect(staysOf(curve)(age)).toBeCloseTo(plainStays(windowSeconds, seen, age), 6);
      }),
      { numRuns: 60 },
    );
  });

  it('falls from 1 and never below 0, whatever was seen, for every window', () => {
    const anyWindow = fc.integer({ min: 5, max: 3_600 });
    fc.assert(
      fc.property(anyWindow, sights, (windowSeconds, seen) => {
        const curve = newArrivalCurve(windowSeconds);
        for (const { kind, age, amount } of seen) {
          if (kind === 'come') addCome(curve, age, amount);
          else addRisk(curve, age, amount);
        }
        const stays = staysOf(curve);
        expect(stays(0)).toBe(1);
        expect(stays(-1)).toBe(1);
        let last = 1;
        for (let part = 0; part <= 20; part += 1) {
          const now = stays((windowSeconds * part) / 20);
          expect(now).toBeLessThanOrEqual(last);
          expect(now).toBeGreaterThanOrEqual(0);
          last = now;
        }
      }),
    );
  });

  it('expects 98 of 100 as long as nothing is known, half of them within a sixth of the window', () => {
    const stays = staysOf(newArrivalCurve(120));
    expect(stays(20)).toBeCloseTo(0.51, 2);
    expect(stays(120)).toBeCloseTo(0.02, 2);
  });

  it('learns who comes: three in ten, and all of them soon', () => {
    const curve = newArrivalCurve(30);
    for (let age = 0; age < 30; age += 1) addRisk(curve, age, age === 0 ? 1_000 : 700);
    addCome(curve, 0.5, 356);
    expect(1 - staysOf(curve)(30)).toBeCloseTo(0.3, 1);
    expect(staysOf(curve)(1)).toBeCloseTo(0.7, 1);
  });
});
