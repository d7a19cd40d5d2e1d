import { expect, it } from 'vitest';
import { CEILING_PER_SECOND, createCeiling } from './ceiling.ts';

const SECOND = 1_700_000_000_000;

it('a network at its ceiling is refused to the end of the second, at no cost', () => {
  const ceiling = createCeiling(() => SECOND + 400);
  expect(ceiling.full('network')).toBeUndefined();
  expect(ceiling.check('network', [{ result: CEILING_PER_SECOND }])).toBeUndefined();
  const refused = { isAllowed: false, remaining: 0, resetAt: SECOND + 1_000 };
  expect(ceiling.check('network', [{ result: CEILING_PER_SECOND + 1 }])).toEqual(refused);
  expect(ceiling.full('network')).toEqual(refused);
  expect(ceiling.full('other')).toBeUndefined();
});

it('the next second begins anew', () => {
  let now = SECOND + 999;
  const ceiling = createCeiling(() => now);
  ceiling.check('network', [{ result: CEILING_PER_SECOND + 1 }]);
  now = SECOND + 1_000;
  expect(ceiling.full('network')).toBeUndefined();
});
