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
};
const at = (nowMs: number, changes: Partial<SaleStatus> = {}) =>
  lineState(ticket, saleStatus(changes), nowMs).kind;
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

  it('ends with its sale, and with another activity', () => {
    expect(at(6_000, { state: 'ENDED', soldOut: true })).toBe('ENDED');
    expect(at(6_000, { activityId: 'next' })).toBe('ENDED');
    expect(at(6_000, { soldOut: true })).toBe('SOLD_OUT');
  });
});
