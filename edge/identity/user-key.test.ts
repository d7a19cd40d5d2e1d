import { expect, it } from 'vitest';
import { createUserHash, createUserKey } from './user-key.ts';

it('keeps ids up to 36 characters and shortens longer ones to 16 bytes', async () => {
  const userKeyOf = createUserKey('a-secret-of-user-keys');
  expect(await userKeyOf('u'.repeat(36))).toBe('u'.repeat(36));
  const long = await userKeyOf('u'.repeat(37));
  expect(long).toMatch(/^[\w-]{22}$/);
  expect(await userKeyOf('u'.repeat(37))).toBe(long);
  expect(await userKeyOf('u'.repeat(38))).not.toBe(long);
});

it('names a user by another hash in each activity', async () => {
  const userHashOf = createUserHash('a-secret-of-tickets');
  const one = await userHashOf({ userId: 'u', activityId: 'a' });
  expect(one).toMatch(/^[\w-]{22}$/);
  expect(await userHashOf({ userId: 'u', activityId: 'b' })).not.toBe(one);
  expect(await userHashOf({ userId: 'v', activityId: 'a' })).not.toBe(one);
});
