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

it('pages hold each activity once, whatever is created and deleted between them', async () => {
  const made = await Promise.all(Array.from({ length: 40 }, () => api.post(activityBody())));
  const standing = made.map(({ body }) => String(body.activityId));
  const [gone = '', ...staying] = standing;
  const list = (query: string) => api.send({ method: 'GET', path: query });
  const seen: string[] = [];
  let cursor = '';
  do {
    const { body } = await list(`?limit=7${cursor && `&cursor=${cursor}`}`);
    const items: { activityId: string }[] = Array.isArray(body.items) ? body.items : [];
    seen.push(...items.map(({ activityId }) => activityId));
    cursor = String(body.nextCursor ?? '');
    const between = [api.post(activityBody()), api.post(activityBody())];
    await Promise.all(between);
    await api.send({ method: 'DELETE', path: `/${gone}`, ifMatch: '*' });
  } while (cursor !== '');
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen).toEqual(expect.arrayContaining(staying));
  expect((await list('?cursor=nonsense')).status).toBe(400);
  expect((await list('?limit=0')).status).toBe(400);
});
