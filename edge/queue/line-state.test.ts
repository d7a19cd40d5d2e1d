import { describe, expect, it } from 'vitest';
import type { SaleStatus } from '../../shared/sale-status.ts';
import { saleStatus } from '../test/status-under-test.ts';
import { lineState } from './line-state.ts';

const ticket = {
  skuId: 'sku',
  activityId: 'activity',
  userHash: 'h',
  ulid: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  turn: 5_000,
  until: 35_000,
  entry: null,
};
const at = (nowMs: number, changes: Partial<SaleStatus> = {}) =>
  lineState(ticket, { status: saleStatus(changes), nowMs }).kind;
const clock = saleStatus().clock;

describe('a ticket', () => {
  it('waits, is ready from its turn to its end, then expires', () => {
    const moments = [0, 4_999, 5_000, 35_000, 35_001].map((nowMs) => at(nowMs));
    expect(moments).toEqual(['QUEUED', 'QUEUED', 'READY', 'READY', 'EXPIRED']);
  });

  it('goes by the line’s clock, not by real time', () => {
    expect(at(9_999, { clock: { ...clock, speed: 0.5 } })).toBe('QUEUED');
    expect(at(10_000, { clock: { ...clock, speed: 0.5 } })).toBe('READY');
    expect(at(50_000, { clock: { ...clock, virtualUntil: 4_999 } })).toBe('QUEUED');
  });

  it('waits while the clock stands, whatever the turn', () => {
    expect(at(6_000, { clock: { ...clock, virtualAt: 6_000, speed: 0 } })).toBe('QUEUED');
    expect(at(6_000, { state: 'PAUSED' })).toBe('QUEUED');
  });

  it('waits while units can only return, and is called when one has', () => {
    const gone = { stockBand: 'none', soldOut: true, unitsMayReturn: true } as const;
    expect(at(6_000, gone)).toBe('QUEUED');
    expect(at(6_000, { ...gone, stockBand: 'low' })).toBe('READY');
  });

  it('ends with its sale, and with another activity', () => {
    expect(at(6_000, { state: 'ENDED', soldOut: true })).toBe('ENDED');
    expect(at(6_000, { activityId: 'next' })).toBe('ENDED');
    expect(at(6_000, { soldOut: true })).toBe('SOLD_OUT');
  });

  it('whose window has passed asks once more, for there may be an order', () => {
    expect(at(40_000, { soldOut: true })).toBe('EXPIRED');
  });
});

describe('an entry in the draw', () => {
  const stateOf = (entry: number, nowMs: number, changes: Partial<SaleStatus> = {}) =>
    lineState({ ...ticket, entry }, { status: saleStatus({ startAt: 10_000, ...changes }), nowMs });

  it('waits for the start, and then for the draw', () => {
    expect(stateOf(0, 4_000)).toEqual({ kind: 'PRE_QUEUE', startsInMs: 6_000 });
    expect(stateOf(500, 10_500)).toEqual({ kind: 'PRE_QUEUE', startsInMs: -500 });
  });

  it('is called up to close the draw where nobody else has, the first ones first', () => {
    expect([0, 9, 10].map((entry) => stateOf(entry, 10_500).kind)).toEqual([
      'READY',
      'READY',
      'PRE_QUEUE',
    ]);
    expect(stateOf(10, 11_500).kind).toBe('READY');
    expect(stateOf(0, 11_500, { state: 'PAUSED' }).kind).toBe('PRE_QUEUE');
  });

  it('ends with its sale', () => {
    expect(stateOf(0, 11_500, { state: 'ENDED' }).kind).toBe('ENDED');
  });
});
