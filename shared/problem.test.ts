import { expect, it } from 'vitest';
import { problemAnswer } from './problem.ts';

it('names the body itself where it cannot be read as members', () => {
  const { body } = problemAnswer({ kind: 'malformed', detail: 'Not JSON.' }, 'id');
  const whole = { pointer: '', code: 'invalid', detail: 'Not JSON.' };
  expect(body.errors).toEqual([whole]);
  expect(
    problemAnswer({ kind: 'malformed', detail: 'Not JSON.', errors: [] }, 'id').body.errors,
  ).toEqual([whole]);
});

it('names the members at fault where they are known', () => {
  const errors = [
    { pointer: '/quantity', code: 'wrong-type', detail: 'Expected number.' },
  ] as const;
  const { body } = problemAnswer({ kind: 'malformed', detail: 'Wrong.', errors }, 'id');
  expect(body.errors).toEqual(errors);
});

it.each(['overlap', 'former-activity-open'] as const)('%s tells the activity in words', (kind) => {
  const { body } = problemAnswer({ kind, activityId: '01ARZ3NDEKTSV4RRFFQ69G5FAV' }, 'id');
  const members = ['detail', 'instance', 'status', 'title', 'type'];
  expect(Object.keys(body).sort()).toEqual(members);
  expect(body.detail).toContain('01ARZ3NDEKTSV4RRFFQ69G5FAV');
});
