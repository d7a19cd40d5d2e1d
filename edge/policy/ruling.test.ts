import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ruleOn, severityOf } from './ruling.ts';

const usual = { challengeAt: 40, denyAt: 80 };
const score = fc.integer({ min: 0, max: 100 });

describe('a ruling', () => {
  it.each([
    [0, 'pass'],
    [39, 'pass'],
    [40, 'challenge'],
    [79, 'challenge'],
    [80, 'refuse'],
    [100, 'refuse'],
  ] as const)('at %i is %s', (given, ruling) => {
    expect(ruleOn({ score: given, level: 'ordinary' }, usual)).toBe(ruling);
  });

  it('lets everybody pass who has solved a stronger challenge: nobody is trapped', () => {
    fc.assert(
      fc.property(score, score, score, (given, one, other) => {
        const thresholds = { challengeAt: Math.min(one, other), denyAt: Math.max(one, other) };
        expect(ruleOn({ score: given, level: 'strong' }, thresholds)).toBe('pass');
      }),
    );
  });

  it('is never harsher for a lower score', () => {
    const order = ['pass', 'challenge', 'refuse'];
    fc.assert(
      fc.property(score, score, score, score, (a, b, one, other) => {
        const thresholds = { challengeAt: Math.min(one, other), denyAt: Math.max(one, other) };
        const of = (given: number) =>
          order.indexOf(ruleOn({ score: given, level: 'ordinary' }, thresholds));
        expect(of(Math.min(a, b))).toBeLessThanOrEqual(of(Math.max(a, b)));
      }),
    );
  });

  it('passes whatever the score where both thresholds are 100', () => {
    const off = { challengeAt: 100, denyAt: 100 };
    expect(ruleOn({ score: 100, level: 'ordinary' }, off)).toBe('pass');
  });

  it('grows with the score between the thresholds', () => {
    expect(severityOf(40, usual)).toBe(0);
    expect(severityOf(60, usual)).toBe(0.5);
    expect(severityOf(80, usual)).toBe(1);
    expect(severityOf(50, { challengeAt: 50, denyAt: 50 })).toBe(1);
  });
});
