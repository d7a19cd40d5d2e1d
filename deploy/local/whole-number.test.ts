import { expect, it } from 'vitest';
import { wholeNumber } from './whole-number.ts';

const range = { name: 'runs', least: 1, most: 1_000 };

it.each([
  ['1', 1],
  ['0050', 50],
  ['1000', 1_000],
])('reads %s', (text, value) => {
  expect(wholeNumber({ ...range, text })).toBe(value);
});

it.each(['', ' ', '0', '1001', '-1', '1.5', '1e3', '0x10', 'many', '9'.repeat(20)])(
  'refuses "%s" in words',
  (text) => {
    const read = () => wholeNumber({ ...range, text });
    expect(read).toThrow('--runs must be a whole number from 1 to 1000');
  },
);
