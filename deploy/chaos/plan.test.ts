import { expect, test } from 'vitest';
import { losesData, planOf } from './plan.ts';

const SEEDS = Array.from({ length: 200 }, (_, seed) => seed);

test('the same seed makes the same plan, another one another', () => {
  expect(planOf(7, 'full')).toEqual(planOf(7, 'full'));
  expect(planOf(7, 'full')).not.toEqual(planOf(8, 'full'));
});

test('a sale can be made of every plan, and more people come than units', () => {
  for (const seed of SEEDS) {
    const { stock, ratePerSecond, capacity, buyers, limitPerUser } = planOf(seed, 'full');
    expect(capacity).toBeGreaterThan(0);
    expect(capacity).toBeLessThanOrEqual(Math.min(stock, ratePerSecond));
    expect(buyers).toBeGreaterThanOrEqual(stock);
    expect([1, 2]).toContain(limitPerUser);
  }
});

test('fifty seeds see every kind of fault, alone and in pairs; a pair never has one target', () => {
  const plans = SEEDS.slice(0, 50).map((seed) => planOf(seed, 'full').faults);
  const kinds = new Set(plans.flat().map(({ target, action }) => `${action} ${target}`));
  expect(kinds.size).toBe(22);
  expect(plans.some(({ length }) => length === 3)).toBe(true);
  expect(plans.some(({ length }) => length > 3)).toBe(true);
  for (const faults of plans) {
    for (const [index, { target, atMs }] of faults.entries()) {
      const next = faults[index + 1];
      if (next !== undefined && next.atMs - atMs < 1_000) expect(next.target).not.toBe(target);
    }
  }
});

test('the embedded stack has one origin and no services but Redis', () => {
  const targets = new Set(
    SEEDS.flatMap((seed) => planOf(seed, 'embedded').faults.map((f) => f.target)),
  );
  expect([...targets].sort()).toEqual(['bridge', 'edge', 'gateway', 'origin', 'redis']);
});

test('only a Redis that was emptied or put back may forget answers', () => {
  const fault = { target: 'redis', atMs: 0, forMs: 0 };
  expect(losesData({ faults: [{ ...fault, action: 'kill' }] })).toBe(false);
  expect(losesData({ faults: [{ ...fault, action: 'empty' }] })).toBe(true);
  expect(losesData({ faults: [{ ...fault, action: 'roll-back' }] })).toBe(true);
});
