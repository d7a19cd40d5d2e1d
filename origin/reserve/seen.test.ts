import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createSeenSequences } from './seen.ts';

it('is nothing for an activity or an epoch that was never seen', () => {
  const seen = createSeenSequences();
  expect(seen.get('a', 1)).toBe(0);
  seen.raise('a', { epoch: 2, seq: 7 });
  expect([seen.get('a', 1), seen.get('a', 2), seen.get('a', 3)]).toEqual([0, 7, 0]);
  expect(seen.get('b', 2)).toBe(0);
});

it('is the highest number of the newest epoch, in whatever order they come', () => {
  const pair = fc.record({ epoch: fc.integer({ min: 1, max: 4 }), seq: fc.nat({ max: 50 }) });
  fc.assert(
    fc.property(fc.array(pair, { minLength: 1 }), (pairs) => {
      const seen = createSeenSequences();
      for (const raised of pairs) seen.raise('a', raised);
      const epoch = Math.max(...pairs.map((raised) => raised.epoch));
      const numbers = pairs.filter((raised) => raised.epoch === epoch).map(({ seq }) => seq);
      expect(seen.get('a', epoch)).toBe(Math.max(...numbers));
      expect(seen.get('a', epoch - 1)).toBe(0);
    }),
  );
});

it('forgets what is no longer live', () => {
  const seen = createSeenSequences();
  for (const activityId of ['a', 'b']) seen.raise(activityId, { epoch: 1, seq: 5 });
  seen.keep((activityId) => activityId === 'b');
  expect([seen.get('a', 1), seen.get('b', 1)]).toEqual([0, 5]);
});
