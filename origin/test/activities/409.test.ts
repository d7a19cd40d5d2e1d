import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ActivityApi, activityBody, openActivityApi } from './activity-api.ts';

let api: ActivityApi;
beforeAll(async () => {
  api = await openActivityApi();
});
afterAll(() => api.close());

it.each([
  ['the same time', {}],
  ['its first minute', { startAt: '2030-01-01T11:00:00Z', endAt: '2030-01-01T12:01:00Z' }],
  ['its last minute', { startAt: '2030-01-01T12:59:00Z', endAt: '2030-01-01T14:00:00Z' }],
  ['a time around it', { startAt: '2029-01-01T00:00:00Z', endAt: '2031-01-01T00:00:00Z' }],
])('overlap: another activity of the SKU in %s', async (_, changes) => {
  const first = activityBody();
  const { body } = await api.post(first);
  const answer = await api.post({ ...first, ...changes });
  expect(answer.status).toBe(409);
  expect(answer.body).toMatchObject({ type: '/problems/overlap' });
  expect(answer.body.detail).toContain(body.activityId);
  // Only the members that are promised.
  const members = ['detail', 'instance', 'status', 'title', 'type'];
  expect(Object.keys(answer.body).sort()).toEqual(members);
});

it('of two at once one is created', async () => {
  const body = activityBody();
  const answers = await Promise.all([api.post(body), api.post(body), api.post(body)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
});
