import { expect, it } from 'vitest';
import { strongMaxNumber } from './difficulty.ts';

it('a stronger proof searches 8 to 128 times as far as an ordinary one', () => {
  expect(strongMaxNumber(1_000, { severity: 0, solved: 0 })).toBe(8_000);
  expect(strongMaxNumber(1_000, { severity: 1, solved: 0 })).toBe(16_000);
  expect(strongMaxNumber(1_000, { severity: 0, solved: 2 })).toBe(32_000);
  expect(strongMaxNumber(1_000, { severity: 1, solved: 1_000_000 })).toBe(128_000);
});
