import { describe, expect, it } from 'vitest';
import { activityRow } from '../test/activity-rows.ts';
import { activityView, stateOf } from './view.ts';

describe('the state of an activity', () => {
  const at = { startAt: 200, endAt: 900 };

  it.each([
    ['SCHEDULED until it is loaded, even past its start', { state: 'SCHEDULED' }, 250, 'SCHEDULED'],
    ['LOADED before its start', { state: 'LOADED' }, 199, 'LOADED'],
    ['RUNNING from its start', { state: 'LOADED' }, 200, 'RUNNING'],
    ['RUNNING to its last millisecond', { state: 'LOADED' }, 899, 'RUNNING'],
    ['ENDED from its end', { state: 'LOADED' }, 900, 'ENDED'],
    ['ENDED though it was never loaded', { state: 'SCHEDULED' }, 900, 'ENDED'],
    ['PAUSED while it runs', { state: 'LOADED', paused: true }, 300, 'PAUSED'],
    ['PAUSED before its start: that postpones it', { state: 'LOADED', paused: true }, 1, 'PAUSED'],
    ['ENDED though paused', { state: 'LOADED', paused: true }, 900, 'ENDED'],
    ['CLOSED for good', { state: 'CLOSED' }, 300, 'CLOSED'],
  ] as const)('is %s', (_, changes, nowMs, state) => {
    expect(stateOf(activityRow({ ...at, ...changes }), nowMs)).toBe(state);
  });
});

describe('the JSON of an activity', () => {
  it('has the members of the contract, no more, and times in RFC 3339', () => {
    const row = activityRow({ activityId: 'A', version: 3 });
    expect(activityView(row, 250_000)).toEqual({
      activityId: 'A',
      skuId: 'sku_1',
      title: 'A thing',
      state: 'RUNNING',
      stock: 100,
      sold: 0,
      price: 500,
      currency: 'EUR',
      limitPerUser: 2,
      ratePerSecond: 10,
      capacity: 10,
      queueLimit: 1_000,
      startAt: '1970-01-01T00:03:20.000Z',
      endAt: '1970-01-01T00:15:00.000Z',
      entryOpensAt: '1970-01-01T00:01:40.000Z',
      draw: false,
      ticketWindowSeconds: 30,
      paymentWindowSeconds: 900,
      challengeAt: 40,
      denyAt: 80,
      version: 3,
      createdAt: '1970-01-01T00:00:01.000Z',
      updatedAt: '1970-01-01T00:00:01.000Z',
    });
  });
});
