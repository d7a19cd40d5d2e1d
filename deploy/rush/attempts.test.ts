import { expect, test } from 'vitest';
import { attemptAt, LIMIT_PER_USER } from './attempts.ts';

const crowd = { seed: 7, users: 50, moment: '01ARZ3NDEK' };
const attempts = Array.from({ length: 4_000 }, (_, index) => attemptAt(crowd, index));

test('the same seed gives the same attempts, another seed others', () => {
  expect(attemptAt(crowd, 1_234)).toEqual(attempts[1_234]);
  const others = attempts.map((_, index) => attemptAt({ ...crowd, seed: 8 }, index));
  expect(others).not.toEqual(attempts);
});

test('an order id stands for one user, and a quarter of the attempts repeats one', () => {
  const users = new Map(attempts.map(({ ulid, userId }) => [ulid, userId]));
  for (const { ulid, userId } of attempts) expect(users.get(ulid)).toBe(userId);
  expect(1 - users.size / attempts.length).toBeGreaterThan(0.2);
  for (const ulid of users.keys()) expect(ulid).toMatch(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/);
});

test('users come again and again, and some want more than their limit', () => {
  const users = new Set(attempts.map(({ userId }) => userId));
  expect(users.size).toBeLessThanOrEqual(crowd.users + 20);
  expect(attempts.some(({ quantity }) => quantity > LIMIT_PER_USER)).toBe(true);
});
