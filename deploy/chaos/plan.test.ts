import { expect, test } from 'vitest';
import { type Fault, LEASE_SECONDS, losesData, planOf } from './plan.ts';

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

const FAULTS = [
  ...['kill origin', 'kill origin-2', 'kill relay', 'kill writer', 'kill redis', 'kill kafka'],
  ...['kill mysql', 'kill etcd', 'kill edge', 'kill bridge', 'kill gateway'],
  ...['empty redis', 'roll-back redis', 'repeat order-log', 'delay order-log'],
  ...['pause origin', 'pause origin-2', 'pause relay', 'pause writer'],
  ...['pause redis', 'pause kafka', 'pause mysql', 'pause etcd'],
].sort();

test('seeds 1 to 50 see every fault, each alone and in a pair; a pair never has one target', () => {
  const steps = SEEDS.slice(1, 51).flatMap((seed) => stepsOf(planOf(seed, 'full').faults));
  expect(wordsOf(steps.filter(({ length }) => length === 1).flat())).toEqual(FAULTS);
  expect(wordsOf(steps.filter(({ length }) => length === 2).flat())).toEqual(FAULTS);
  for (const [one, other] of steps) expect(one?.target).not.toBe(other?.target);
});

test('Redis forgets orders that nobody else knows: in pairs with what keeps events back', () => {
  const steps = SEEDS.slice(1, 51).flatMap((seed) => stepsOf(planOf(seed, 'full').faults));
  const losses = steps.filter((faults) => faults.length === 2 && losesData({ faults }));
  expect(losses.every(([one]) => one !== undefined && !losesData({ faults: [one] }))).toBe(true);
  const words = new Set(losses.map(([one]) => one?.target));
  for (const target of ['kafka', 'relay', 'order-log']) expect(words).toContain(target);
});

test('an origin, the relay and the writer sleep past their leases, Kafka and the database 5 s', () => {
  const pauses = SEEDS.flatMap((seed) => planOf(seed, 'full').faults).filter(
    ({ action }) => action === 'pause',
  );
  for (const { target, atMs, forMs } of pauses) {
    if (target === 'kafka' || target === 'mysql') expect(forMs).toBe(5_000);
    else if (target !== 'redis') expect(forMs).toBeGreaterThan(1_000 * LEASE_SECONDS);
    // While people still come.
    expect(atMs).toBeLessThan(planOf(1, 'full').arriveWithinMs);
  }
});

function stepsOf(faults: readonly Fault[]): Fault[][] {
  const steps: Fault[][] = [];
  for (const fault of faults) {
    const last = steps.at(-1);
    if (last?.[0] !== undefined && fault.atMs - last[0].atMs < 3_000) last.push(fault);
    else steps.push([fault]);
  }
  return steps;
}

const wordsOf = (faults: readonly Fault[]) =>
  [...new Set(faults.map(({ target, action }) => `${action} ${target}`))].sort();

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
