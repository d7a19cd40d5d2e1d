import { describe, expect, it } from 'vitest';
import { activityRow } from '../test/activity-rows.ts';
import { currentBySku } from './registry.ts';

describe('the current activity of a SKU', () => {
  const row = (activityId: string, state: 'SCHEDULED' | 'LOADED', startAt: number) =>
    activityRow({ activityId, state, startAt, endAt: startAt + 100 });
  const current = (...rows: ReturnType<typeof row>[]) =>
    currentBySku(rows, 1_000).get('sku_1')?.activityId;

  it('is the loaded one, for its keys stand', () => {
    expect(current(row('a', 'LOADED', 0), row('b', 'SCHEDULED', 2_000))).toBe('a');
    expect(current(row('a', 'SCHEDULED', 950), row('b', 'LOADED', 2_000))).toBe('b');
  });

  it('is the next to start where none is loaded', () => {
    expect(current(row('a', 'SCHEDULED', 2_000), row('b', 'SCHEDULED', 3_000))).toBe('a');
    expect(current(row('a', 'SCHEDULED', 0), row('b', 'SCHEDULED', 3_000))).toBe('b');
  });

  it('is the last where all have ended unloaded', () => {
    expect(current(row('a', 'SCHEDULED', 0), row('b', 'SCHEDULED', 200))).toBe('b');
  });

  it('is none for a SKU without activities', () => {
    expect(current()).toBeUndefined();
  });
});
