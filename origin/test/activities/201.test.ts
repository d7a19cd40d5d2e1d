import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ActivityApi, activityBody, openActivityApi } from './activity-api.ts';

let api: ActivityApi;
beforeAll(async () => {
  api = await openActivityApi();
});
afterAll(() => api.close());

it('creates an activity with the defaults of the contract', async () => {
  const body = activityBody();
  const { status, headers, body: activity } = await api.post(body);
  expect(status).toBe(201);
  expect(activity).toEqual({
    ...body,
    activityId: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{26}$/),
    title: body.skuId,
    state: 'SCHEDULED',
    sold: 0,
    currency: 'USD',
    limitPerUser: 1,
    ratePerSecond: 1_000,
    capacity: 100,
    queueLimit: 1_000_000,
    startAt: '2030-01-01T12:00:00.000Z',
    endAt: '2030-01-01T13:00:00.000Z',
    entryOpensAt: '2030-01-01T11:50:00.000Z',
    draw: {},
    ticketWindowSeconds: 30,
    paymentWindowSeconds: 900,
    challengeAt: 40,
    denyAt: 80,
    version: 1,
    createdAt: activity.updatedAt,
    updatedAt: expect.stringMatching(/^20\d\d-.*Z$/),
  });
  expect(headers).toMatchObject({
    location: `/api/activities/${activity.activityId}`,
    etag: '"1"',
    'cache-control': 'no-store',
    'content-type': 'application/json; charset=utf-8',
  });
});

it('tells those who act on new activities', async () => {
  const { body } = await api.post(activityBody());
  expect(api.created.at(-1)?.activityId).toBe(body.activityId);
});

it('takes a start in the past, draw false, and a period behind another one', async () => {
  const body = activityBody({ startAt: '2020-01-01T00:00:00Z', draw: false });
  expect((await api.post(body)).status).toBe(201);
  const next = { ...body, startAt: body.endAt, endAt: '2030-01-02T00:00:00Z' };
  expect((await api.post(next)).status).toBe(201);
});
