import { expect, test } from 'vitest';
import { flatness, lineOf, median } from './result.ts';

test('the median of rounds is the middle one', () => {
  expect(median([9, 1, 5])).toBe(5);
});

const growth = { name: 'growth', unit: 'µs', against: '10 orders', sizes: [10, 100, 1_000] };

test('each larger size is held against the smallest of its own round', () => {
  const slowing = [
    [10, 20, 30],
    [12, 24, 36],
    [13, 26, 39],
  ];
  expect(flatness({ ...growth, costs: slowing })).toMatchObject([
    { name: 'growth-100', value: 24, ratio: 1.2, met: true },
    { name: 'growth-1000', value: 26, ratio: 1.3, met: false },
  ]);
});

test('a line says what was missed', () => {
  const [, result] = flatness({ ...growth, costs: [[1], [1], [2]] });
  expect(result && lineOf(result)).toMatch(
    /^growth-1000 +2\.00 µs +2\.00 x 10 orders +MISSED \(<= 1\.2 x\)$/,
  );
});
