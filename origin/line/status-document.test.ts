import { describe, expect, it } from 'vitest';
import { parseSaleStatus } from '../../shared/sale-status.ts';
import { activityRow } from '../test/activity-rows.ts';
import { stockBandOf, unsold } from './counts.ts';
import { saleStatusOf } from './status-document.ts';

const clock = { virtualAt: 5, realAt: 200_000, speed: 1, virtualUntil: 9e14, term: 2, version: 3 };
const facts = {
  row: activityRow({ queueLimit: 10 }),
  nowMs: 300_000,
  version: 42,
  clock,
  waiting: 3,
  counts: { ...unsold(100), stock: 50 },
  outlook: null,
  draw: null,
};

describe('the status document', () => {
  it('is what its readers parse, with the version first', () => {
    const status = saleStatusOf(facts);
    const text = JSON.stringify(status);
    expect(text.startsWith('{"version":42,')).toBe(true);
    expect(parseSaleStatus(text)).toEqual(status);
    expect(status).toMatchObject({ state: 'RUNNING', joinable: true, soldOut: false, waiting: 3 });
    expect(status).toMatchObject({ windowMs: 30_000, writtenAt: 300_000, clock });
  });

  it('is joinable while it runs, has units and room in its line', () => {
    const isJoinable = (changes: Partial<typeof facts>) =>
      saleStatusOf({ ...facts, ...changes }).joinable;
    expect(isJoinable({})).toBe(true);
    expect(isJoinable({ nowMs: 199_999 })).toBe(false);
    expect(isJoinable({ nowMs: 900_000 })).toBe(false);
    expect(isJoinable({ counts: { ...unsold(100), stock: 0 } })).toBe(false);
    expect(isJoinable({ waiting: 9 })).toBe(true);
    expect(isJoinable({ waiting: 10 })).toBe(false);
    const withoutLine = activityRow({ queueLimit: 0 });
    expect(isJoinable({ row: withoutLine, waiting: 0 })).toBe(true);
    expect(isJoinable({ row: activityRow({ paused: true }) })).toBe(false);
  });

  it.each([
    [100, 'some'],
    [11, 'some'],
    [10, 'low'],
    [1, 'low'],
    [0, 'none'],
  ] as const)('calls %i of 100 units %s', (stock, band) => {
    expect(stockBandOf({ stock, total: 100 })).toBe(band);
  });
});
