import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { percentile } from './outcome.ts';
import { seededRandom } from './random.ts';
import { tokensOf } from './tokens.ts';

const draw = (seed: number, count: number) => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => random.next());
};

test('the same seed makes the same chances, another seed others', () => {
  expect(draw(7, 50)).toEqual(draw(7, 50));
  expect(draw(7, 50)).not.toEqual(draw(8, 50));
});

test('chances spread over the whole range', () => {
  const drawn = draw(1, 10_000);
  const mean = drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
  expect(mean).toBeGreaterThan(0.48);
  expect(mean).toBeLessThan(0.52);
  expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...drawn)).toBeLessThan(1);
});

test('an actor has chances of its own, whoever else drew before', () => {
  const random = seededRandom(3);
  const before = random.fork(5).next();
  random.next();
  expect(random.fork(5).next()).toBe(before);
  expect(random.fork(6).next()).not.toBe(before);
});

test('a good token is signed with the secret, a forged one is not', () => {
  const tokens = tokensOf('a secret of some length');
  const isSigned = (token: string) => {
    const [header, claims, signature] = token.split('.');
    const hmac = createHmac('sha256', 'a secret of some length').update(`${header}.${claims}`);
    return hmac.digest('base64url') === signature;
  };
  expect(isSigned(tokens.good('anna'))).toBe(true);
  expect(isSigned(tokens.expired('anna'))).toBe(true);
  expect(isSigned(tokens.forged('anna'))).toBe(false);
  expect(isSigned(tokens.unsigned('anna'))).toBe(false);
});

test('percentiles are values of the list', () => {
  const sorted = Array.from({ length: 100 }, (_, index) => index + 1);
  expect(percentile(sorted, 0.5)).toBe(51);
  expect(percentile(sorted, 0.99)).toBe(100);
  expect(percentile([], 0.5)).toBe(0);
});
