import { describe, expect, it } from 'vitest';
import { newOrderHistory, returnsOf } from './returns.ts';

const payWindowMs = 60_000;
const numbers = (made: number, paid: number, cancelled: number) => ({
  sold: made - cancelled,
  held: made - cancelled - paid,
  sequence: made + paid + cancelled,
});

describe('the share that returns', () => {
  it('is a guess until an order has run out of time', () => {
    const history = newOrderHistory();
    for (const nowMs of [0, 30_000, 59_000]) {
      const returns = returnsOf(history, numbers(100, 40, 0), { nowMs, payWindowMs });
      expect(returns).toEqual({ share: 0.25, error: 0.15, isMeasured: false, open: 100 });
    }
  });

  it('is measured over the orders whose time is over, not over those that paid early', () => {
    const history = newOrderHistory();
    returnsOf(history, numbers(100, 0, 0), { nowMs: 0, payWindowMs });
    returnsOf(history, numbers(300, 60, 0), { nowMs: 30_000, payWindowMs });
    const returns = returnsOf(history, numbers(300, 200, 40), { nowMs: 61_000, payWindowMs });
    expect(returns).toMatchObject({ error: 0.05, isMeasured: true, open: 200 });
    expect(returns.share).toBeCloseTo(0.4, 1);
  });

  it('begins anew with the numbers of another epoch', () => {
    const history = newOrderHistory();
    returnsOf(history, numbers(100, 0, 0), { nowMs: 0, payWindowMs });
    const rebuilt = { sold: 60, held: 60, sequence: 60 };
    expect(returnsOf(history, rebuilt, { nowMs: 61_000, payWindowMs }).isMeasured).toBe(false);
  });

  it('remembers no more than it needs', () => {
    const history = newOrderHistory();
    for (let second = 0; second < 3_600; second += 1) {
      returnsOf(history, numbers(second, 0, 0), { nowMs: second * 1_000, payWindowMs });
    }
    expect(history.samples.length).toBeLessThan(110);
  });
});
