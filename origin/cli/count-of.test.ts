import { expect, test } from 'vitest';
import { countOf } from './count-of.ts';

test('one is one, everything else is many', () => {
  expect([0, 1, 2].map((count) => countOf(count, 'page'))).toEqual([
    '0 pages',
    '1 page',
    '2 pages',
  ]);
  expect([1, 3].map((count) => countOf(count, 'entry', 'entries'))).toEqual([
    '1 entry',
    '3 entries',
  ]);
});
