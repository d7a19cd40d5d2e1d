import { expect, it } from 'vitest';
import { createBreaker } from './breaker.ts';

it('stays closed through a single failure', () => {
  const breaker = createBreaker();
  breaker.failed(0);
  expect(breaker.mayTry(1)).toBe(true);
});

it('lets one call a second find out whether Redis is back', () => {
  const breaker = createBreaker();
  breaker.failed(0);
  breaker.failed(0);
  expect(breaker.mayTry(999)).toBe(false);
  expect(breaker.mayTry(1_000)).toBe(true);
  expect(breaker.mayTry(1_000)).toBe(false);
  expect(breaker.mayTry(2_000)).toBe(true);
});

it('closes at the first answer', () => {
  const breaker = createBreaker();
  breaker.failed(0);
  breaker.failed(0);
  breaker.succeeded();
  expect(breaker.mayTry(1)).toBe(true);
  breaker.failed(1);
  expect(breaker.mayTry(2)).toBe(true);
});
