import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Bucket, fullBucket, takeTurn } from '../../../shared/bucket.ts';
import { parseCallLog, writeCallLog } from './call-log.ts';
import { expectationOf } from './follow-calls.ts';
import { type Following, followLine, type LineLook, takeUpLine } from './follow-line.ts';

const paces = fc
  .record({ ratePerSecond: fc.integer({ min: 1, max: 5_000 }), extra: fc.nat({ max: 20 }) })
  .map(({ ratePerSecond, extra }) => {
    return { ratePerSecond, capacity: Math.max(1, Math.ceil(ratePerSecond / 1000)) + extra };
  });
const seconds = fc.array(
  fc.record({
    arrivals: fc.array(fc.nat({ max: 999 }), { maxLength: 12 }),
    moves: fc.boolean(),
    comes: fc.integer({ min: 0, max: 4 }),
  }),
  { minLength: 1, maxLength: 25 },
);
const quiet = { refusedAt: 0, sellableUnits: 100, isPaused: false, came: [] };
const pace = { ratePerSecond: 10, capacity: 10 };

/** n people wait, all since virtual time 0. */
const waitingBucket = (people: number): Bucket => ({ balance: -people, lastMs: 0, remainder: 0 });
const look = (nowMs: number, changes: Partial<LineLook> = {}): LineLook => ({
  ...quiet,
  ...{ nowMs, virtualMs: 0, bucket: waitingBucket(1_000), waited: 1_000 },
  ...changes,
});
const begin = (windowSeconds = 20): Following => takeUpLine(undefined, { nowMs: 0, windowSeconds });

describe('a look at the line', () => {
  it('counts exactly who was called, also where the line empties between two looks', () => {
    fc.assert(
      fc.property(paces, seconds, (given, steps) => {
        const following = begin();
        const turns: number[] = [];
        const open = new Set<number>();
        let bucket = fullBucket(given);
        let [virtualMs, waited, called, came] = [0, 0, 0, 0];
        for (const [second, { arrivals, moves, comes }] of steps.entries()) {
          for (const at of [...arrivals].sort((one, other) => one - other)) {
            const taken = takeTurn(bucket, given, virtualMs + (moves ? at : 0));
            bucket = taken.bucket;
            if (bucket.balance >= 0) continue;
            waited += 1;
            turns.push(taken.turn);
          }
          virtualMs += moves ? 1_000 : 0;
          const due = turns
            .map((_, index) => index)
            .filter((index) => (turns[index] ?? 0) <= virtualMs);
          const comers = due.filter((index) => !open.has(index)).slice(0, comes);
          for (const index of comers) open.add(index);
          came += comers.length;
          const nowMs = 1_000 * (second + 1);
          const plan = followLine(
            following,
            {
              ...look(nowMs),
              ...{ virtualMs, bucket, waited },
              came: comers.map((index) => turns[index] ?? 0),
            },
            given,
          );
          called += plan.called;
          expect(called).toBe(due.length);
          expect(following.log.total).toBe(due.length);
          expect(following.log.totalCame).toBe(came);
          expect(plan.reach).toBeGreaterThanOrEqual(virtualMs);
          expect(plan.virtualUntil).toBeLessThanOrEqual(Math.min(plan.reach, virtualMs + 5_000));
          for (const call of following.log.calls)
            expect(call.came).toBeLessThanOrEqual(call.called);
        }
      }),
    );
  });

  it('reaches as far as the units do, less the people it has called already', () => {
    const following = begin();
    // 98 of 100 come: 102 places for 100 units.
    expect(followLine(following, look(1_000), pace).reach).toBe(10_200);
    // 50 of them were called in this second: nearly all are still expected.
    const next = followLine(following, look(2_000, { virtualMs: 5_000 }), pace);
    expect(next.called).toBe(50);
    expect(next.expectation.expected).toBeCloseTo(49, 0);
    // 41 places for what is left when some more come than expected: one and a half roots of 49.
    expect(next.reach).toBe(9_100);
    expect(next.virtualUntil).toBe(9_100);
  });

  it('leaves units to newcomers who need not wait', () => {
    const plan = followLine(begin(), look(1_000, { bucket: fullBucket(pace), waited: 0 }), pace);
    expect(plan.reach).toBe(9_200);
  });

  it.each([
    ['no units', { sellableUnits: 0 }],
    ['a fence', { sellableUnits: undefined }],
    ['a pause', { isPaused: true }],
  ])('calls nobody for five seconds after %s', (_, trouble) => {
    const following = begin();
    followLine(following, look(1_000), pace);
    expect(followLine(following, look(2_000, trouble), pace).reach).toBe(0);
    for (const nowMs of [3_000, 6_900]) {
      expect(followLine(following, look(nowMs), pace).reach).toBe(0);
    }
    expect(followLine(following, look(7_100), pace).reach).toBeGreaterThan(0);
  });

  it('holds a unit back for each who came lately while people are turned away at the door', () => {
    const told = (refusedAt: number) => {
      const following = begin();
      followLine(following, look(1_000), pace);
      following.log.calls.push({ calledAt: 1_000, upTo: 10, called: 60, came: 40 });
      return followLine(following, look(2_000, { refusedAt }), pace).fewestUnits;
    };
    expect(told(0)).toBe(100);
    expect(told(2_000)).toBe(60);
  });

  it('stands without units, also where so few come that half a unit would call somebody', () => {
    const following = begin();
    for (let nowMs = 1_000; nowMs <= 60_000; nowMs += 1_000) {
      const seen = look(nowMs, { virtualMs: 90_000, sellableUnits: nowMs < 30_000 ? 1 : 0 });
      const plan = followLine(following, seen, pace);
      if (nowMs >= 30_000) expect(plan.reach).toBe(90_000);
    }
    expect(expectationOf(following.log, following.curve, 60_000).comeShare).toBeLessThan(0.5);
  });

  it('waits no longer than the window for people who do not come', () => {
    const following = begin();
    const bucket = waitingBucket(1_000);
    let plan = followLine(following, look(1_000, { bucket, virtualMs: 10_000 }), pace);
    expect(plan.reach).toBe(10_000);
    for (let nowMs = 2_000; nowMs <= 22_000; nowMs += 1_000) {
      plan = followLine(following, look(nowMs, { virtualMs: 10_000 }), pace);
    }
    expect(following.log.calls).toEqual([]);
    expect(plan.expectation.expected).toBe(0);
    expect(plan.reach).toBeGreaterThan(20_000);
  });

  it('holds nobody’s absence in a pause against them', () => {
    const following = begin();
    followLine(following, look(1_000, { virtualMs: 10_000 }), pace);
    const before = followLine(following, look(2_000, { virtualMs: 10_000 }), pace);
    for (let nowMs = 3_000; nowMs <= 182_000; nowMs += 1_000) {
      followLine(following, look(nowMs, { virtualMs: 10_000, isPaused: true }), pace);
    }
    const after = followLine(following, look(183_000, { virtualMs: 10_000 }), pace);
    expect(after.expectation.expected).toBeCloseTo(before.expectation.expected, -1);
  });
});

describe('a new leader', () => {
  it('expects whom the one before called, from the log alone', () => {
    const old = begin();
    followLine(old, look(1_000), pace);
    const before = followLine(old, look(2_000, { virtualMs: 5_000, came: [100, 200] }), pace);
    const stored = parseCallLog(writeCallLog(old.log));
    const next = takeUpLine(stored, { nowMs: 3_000, windowSeconds: 20 });
    const plan = followLine(next, look(3_000, { virtualMs: 5_000 }), pace);
    expect(plan.called).toBe(0);
    expect(plan.expectation.expected).toBeCloseTo(before.expectation.expected, -1);
    expect(plan.reach).toBeGreaterThan(5_000);
  });

  it('after a gap serves first who asked in it', () => {
    const old = begin();
    followLine(old, look(1_000), pace);
    const stored = parseCallLog(writeCallLog(old.log));
    const next = takeUpLine(stored, { nowMs: 11_000, windowSeconds: 20 });
    expect(followLine(next, look(11_000, { virtualMs: 5_000 }), pace).reach).toBe(5_000);
    expect(followLine(next, look(16_100, { virtualMs: 5_000 }), pace).reach).toBeGreaterThan(5_000);
  });
});
