import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ActivityApi, activityBody, openActivityApi } from './activity-api.ts';

let api: ActivityApi;
beforeAll(async () => {
  api = await openActivityApi();
});
afterAll(() => api.close());

const forbidden = { status: 403, body: { type: '/problems/forbidden', status: 403 } };

it('nobody but an administrator creates or sees activities', async () => {
  const { body } = await api.post(activityBody());
  for (const claims of [{ sub: 'bob' }, {}]) {
    expect(await api.post(activityBody(), claims)).toMatchObject(forbidden);
    expect(await api.get(String(body.activityId), {}, claims)).toMatchObject(forbidden);
  }
  expect(api.created).toHaveLength(1);
});

it('a buyer does not learn which activities exist, nor what is wrong with a body', async () => {
  expect(await api.get('unknown', {}, { sub: 'bob' })).toMatchObject(forbidden);
  expect(await api.post('{', { sub: 'bob' })).toMatchObject(forbidden);
});
