import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SaleStatus } from '../../shared/sale-status.ts';
import { saleStatus } from '../test/status-under-test.ts';
import { entryMembers, pollAfter, queuedMembers, readyMembers } from './waiting.ts';

const usual = saleStatus().outlook;
if (usual === null) throw new Error('these tests need an outlook');
const outlook = usual;
const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const aheads = fc.integer({ min: 1, max: 1e8 });

const told = (aheadMs: number, changes: Partial<SaleStatus> = {}, random = 0) =>
  queuedMembers(
    { turn: aheadMs, until: aheadMs + 30_000, virtualMs: 0 },
    { status: saleStatus(changes), nowMs: 0 },
    () => random,
  );

describe('a waiting person', () => {
  it('is told a range that holds the true wait', () => {
    fc.assert(
      fc.property(aheads, fc.constantFrom(0.1, 0.5, 1), (aheadMs, pace) => {
        const seconds = aheadMs / pace / 1000;
        const members = told(aheadMs, { outlook: { ...outlook, pace } });
        const [low = 0, high = 0] = members.waitRangeSeconds ?? [];
        expect(low).toBeLessThanOrEqual(seconds);
        expect(high).toBeGreaterThanOrEqual(seconds);
        expect(members.estimatedWaitSeconds).toBe(Math.round(seconds));
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

  it('comes back before the turn also where the pace goes up at once', () => {
    fc.assert(
      fc.property(aheads, share, (aheadMs, random) => {
        const slow = {
          outlook: { ...outlook, pace: 0.1 },
          clock: { ...saleStatus().clock, speed: 0.1 },
        };
        const { pollAfterSeconds } = told(aheadMs, slow, random);
        expect(pollAfterSeconds).toBeLessThanOrEqual(Math.max(1, Math.ceil(aheadMs / 1000)));
      }),
    );
  });

  it('stands at a position from 1 on', () => {
    expect([1, 100, 101, 1_000].map((ms) => told(ms).position)).toEqual([1, 1, 2, 10]);
  });

  it('is told no wait that nobody can know', () => {
    const unknown = { estimatedWaitSeconds: null, waitRangeSeconds: null };
    expect(told(10, { outlook: null })).toMatchObject({ ...unknown, chance: null });
    expect(told(10, { outlook: { ...outlook, reach: 9 } })).toMatchObject(unknown);
    const nextReturnAt = '1970-01-01T00:01:00.000Z';
    const beyond = { outlook: { ...outlook, reach: 9 }, nextReturnAt: 60_000 };
    expect(told(10, beyond)).toMatchObject({ ...unknown, nextReturnAt });
    const paused = { state: 'PAUSED' } as const;
    expect(told(10, paused)).toMatchObject({ ...unknown, pollAfterSeconds: 5 });
  });

  it('is told a chance between 0 and 1, the smaller the more are ahead', () => {
    const chances = [1, 5_000, 12_000, 20_000].map((ms) => told(ms).chance ?? Number.NaN);
    expect(chances).toEqual([...chances].sort((a, b) => b - a));
    expect(chances.every((chance) => chance >= 0 && chance <= 1)).toBe(true);
    expect([chances[0], chances[3]]).toEqual([1, 0]);
  });

  it('who waits for a return is told so, and asks again soon once called', () => {
    const gone = { stockBand: 'none', unitsMayReturn: true, nextReturnAt: 60_000 } as const;
    expect(told(10, gone, 0.99)).toMatchObject({
      reason: 'waiting-for-return',
      nextReturnAt: '1970-01-01T00:01:00.000Z',
      estimatedWaitSeconds: null,
      pollAfterSeconds: 3,
    });
    expect(told(1_000_000, gone).pollAfterSeconds).toBe(30);
  });
});

it('who is in the draw comes back at the start, spread', () => {
  expect(entryMembers(600_000, () => 0.5)).toEqual({ pollAfterSeconds: 30 });
  expect([0, 0.5, 0.99].map((random) => entryMembers(-500, () => random))).toEqual([
    { pollAfterSeconds: 1 },
    { pollAfterSeconds: 2 },
    { pollAfterSeconds: 3 },
  ]);
});

it('tells somebody whose turn it is for how long, at least', () => {
  const moment = { turn: 0, until: 5_999, virtualMs: 1_000 };
  expect(readyMembers(moment, () => 0)).toEqual({ pollAfterSeconds: 1, readyForSeconds: 4 });
  expect(readyMembers({ ...moment, virtualMs: 7_000 }, () => 0.99)).toEqual({
    pollAfterSeconds: 3,
    readyForSeconds: 0,
  });
});
