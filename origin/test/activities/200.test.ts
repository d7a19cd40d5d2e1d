import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ActivityApi, activityBody, openActivityApi } from './activity-api.ts';

let api: ActivityApi;
beforeAll(async () => {
  api = await openActivityApi();
});
afterAll(() => api.close());

it('shows an activity as its creation answered it', async () => {
  const created = await api.post(activityBody());
  const found = await api.get(String(created.body.activityId));
  expect(found.status).toBe(200);
  expect(found.body).toEqual(created.body);
  expect(found.headers).toMatchObject({ etag: '"1"', 'cache-control': 'no-store' });
});

it('answers 304 without a body to who names the version', async () => {
  const { body } = await api.post(activityBody());
  const id = String(body.activityId);
  const named = await api.get(id, { 'if-none-match': '"1"' });
  expect([named.status, named.body, named.headers.etag]).toEqual([304, {}, '"1"']);
  expect((await api.get(id, { 'if-none-match': '"2"' })).status).toBe(200);
});
