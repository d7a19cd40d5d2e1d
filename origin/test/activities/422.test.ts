import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ActivityApi, activityBody, openActivityApi } from './activity-api.ts';

let api: ActivityApi;
beforeAll(async () => {
  api = await openActivityApi();
});
afterAll(() => api.close());

it.each([
  ['/skuId', { skuId: 'no spaces' }],
  ['/skuId', { skuId: 'x'.repeat(33) }],
  ['/stock', { stock: 0 }],
  ['/stock', { stock: 10_000_001 }],
  ['/stock', { stock: '5' }],
  ['/stock', { stock: 1.5 }],
  ['/price', { price: -1 }],
  ['/title', { title: null }],
  ['/currency', { currency: 'usd' }],
  ['/startAt', { startAt: '2030-01-01 12:00' }],
  ['/startAt', { startAt: 1_893_499_200 }],
  ['/endAt', { endAt: '2030-01-01T12:00:00Z' }],
  ['/limitPerUser', { limitPerUser: 101 }],
  ['/ratePerSecond', { ratePerSecond: 0 }],
  ['/capacity', { capacity: 101 }],
  ['/capacity', { ratePerSecond: 2_001, capacity: 2 }],
  ['/queueLimit', { queueLimit: -1 }],
  ['/entryOpensAt', { entryOpensAt: '2030-01-01T12:00:01Z' }],
  ['/draw', { draw: true }],
  ['/draw', { draw: [] }],
  ['/draw/beacon', { draw: { beacon: '' } }],
  ['/ticketWindowSeconds', { ticketWindowSeconds: 4 }],
  ['/paymentWindowSeconds', { paymentWindowSeconds: 86_401 }],
  ['/denyAt', { challengeAt: 60, denyAt: 50 }],
  ['/sold', { sold: 3 }],
  ['/activityId', { activityId: 'mine' }],
])('invalid: %s in %o', async (pointer, changes) => {
  const answer = await api.post(activityBody(changes));
  expect(answer.status).toBe(422);
  expect(answer.body).toMatchObject({ type: '/problems/invalid', errors: [{ pointer }] });
  expect(api.created).toEqual([]);
});

it('names all wrong members at once', async () => {
  const { body } = await api.post({ stock: 0, price: 'free', colour: 'red' });
  const { errors } = body;
  const pointers = Array.isArray(errors) ? errors.map(({ pointer }) => pointer) : [];
  expect(pointers.sort()).toEqual(['/colour', '/endAt', '/price', '/skuId', '/startAt', '/stock']);
});
