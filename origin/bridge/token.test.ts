import { expect, test } from 'vitest';
import { tokenCheck } from './token.ts';

const isAuthorized = tokenCheck('a-token-of-enough-length');

test('only the whole token passes, whatever the case of the scheme', () => {
  expect(isAuthorized('Bearer a-token-of-enough-length')).toBe(true);
  expect(isAuthorized('bearer a-token-of-enough-length')).toBe(true);
});

test.each([
  undefined,
  '',
  'Bearer',
  'Bearer ',
  'a-token-of-enough-length',
  'Basic a-token-of-enough-length',
  'Bearer a-token-of-enough-lengt',
  'Bearer a-token-of-enough-length ',
  'Bearer A-token-of-enough-length',
])('%j does not pass', (authorization) => {
  expect(isAuthorized(authorization)).toBe(false);
});
