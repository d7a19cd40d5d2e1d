import { expect, it } from 'vitest';
import { createEventCounts } from './event-counts.ts';

it('tells what was counted once a second, and each count once', () => {
  const counts = createEventCounts();
  expect(counts.take(5_000)).toBeUndefined();
  counts.add('requests');
  counts.add('requests');
  counts.add('redis away');
  expect(counts.take(5_000)).toEqual({ requests: 2, 'redis away': 1 });
  counts.add('requests');
  expect(counts.take(5_999)).toBeUndefined();
  expect(counts.take(6_000)).toEqual({ requests: 1 });
  expect(counts.take(7_000)).toBeUndefined();
});
