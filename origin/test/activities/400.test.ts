import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ActivityApi, openActivityApi } from './activity-api.ts';

let api: ActivityApi;
beforeAll(async () => {
  api = await openActivityApi();
});
afterAll(() => api.close());

it.each([
  ['twice', '{"stock":1,"stock":2}', '/stock'],
  ['under a forbidden name', '{"__proto__":{"stock":1}}', '/__proto__'],
])('malformed: a member %s is named', async (_, body, pointer) => {
  const answer = await api.post(body);
  expect(answer.body).toMatchObject({ status: 400, errors: [{ pointer }] });
});

it.each([
  ['no JSON', '{"skuId":'],
  ['an array', '[]'],
  ['null', 'null'],
  ['a number', '7'],
  ['a member twice', '{"stock":1,"stock":2}'],
  ['__proto__', '{"__proto__":{"stock":1}}'],
  ['bytes that are no text', Buffer.from([0x7b, 0xff, 0xfe, 0x7d])],
  ['nested too deep', `${'['.repeat(2_000)}${']'.repeat(2_000)}`],
])('malformed: %s', async (_, body) => {
  const answer = await api.post(body);
  expect(answer.status).toBe(400);
  expect(answer.body).toMatchObject({ type: '/problems/malformed' });
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(api.created).toEqual([]);
});
