// Calls that the origin answers: order status and activities.
import { describe, expect, it } from 'vitest';
import { play, problem, recordedOf } from './origin-records.ts';
import { fresh, openShop, tokenOf } from './shop.ts';

const orderId = 'sku-01ARZ3NDEKTSV4RRFFQ69G5FAV';
const statusPath = `/api/seckill/status/${orderId}`;

async function caller(role?: 'admin') {
  const userId = fresh('user');
  const token = await tokenOf(userId, role === undefined ? {} : { role });
  return { userId, headers: { authorization: `Bearer ${token}` } };
}

describe('order status', () => {
  it('is asked for in the name of the caller', async () => {
    const { userId, headers } = await caller();
    await play(userId, { how: 'answer', status: 200, body: '{"orderId":"o"}' });
    const answer = await openShop().fetch(statusPath, { headers });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ orderId: 'o' });
    expect(await recordedOf(userId)).toMatchObject([
      { method: 'GET', path: statusPath, isSigned: true, claims: { sub: userId }, body: '' },
    ]);
  });

  it('is 401 without a token, and 404 for what is no order id', async () => {
    expect((await openShop().fetch(statusPath)).status).toBe(401);
    const { userId, headers } = await caller();
    const answer = await openShop().fetch('/api/seckill/status/nonsense', { headers });
    expect(await answer.json()).toMatchObject({ status: 404, type: '/problems/unknown-order' });
    expect(await recordedOf(userId)).toEqual([]);
  });

  it('passes the origin’s refusals on', async () => {
    const { userId, headers } = await caller();
    await play(userId, problem(404, { type: '/problems/unknown-order', showReceipt: true }));
    const answer = await openShop().fetch(statusPath, { headers });
    expect(await answer.json()).toMatchObject({ status: 404, showReceipt: true });
  });

  it.each([
    { how: 'hang-up' },
    { how: 'answer', status: 500, body: 'oops' },
    { how: 'answer', status: 404, body: 'not ours' },
  ] as const)('is 503 when the origin does: %j', async (how) => {
    const { userId, headers } = await caller();
    await play(userId, how);
    const answer = await openShop().fetch(statusPath, { headers });
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(await answer.json()).toMatchObject({ type: '/problems/unavailable' });
  });
});

describe('an activity', () => {
  it('is created with the bytes that came, and answered with its tag and place', async () => {
    const { userId, headers } = await caller('admin');
    const location = '/api/activities/a';
    const answered = { etag: '"1"', location };
    await play(userId, { how: 'answer', status: 201, headers: answered, body: '{}' });
    const body = '{ "skuId" : "x", "unknown": 1 }';
    const answer = await openShop().fetch('/api/activities', {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body,
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('etag')).toBe('"1"');
    expect(answer.headers.get('location')).toBe(location);
    expect(await recordedOf(userId)).toMatchObject([
      {
        method: 'POST',
        path: '/api/activities',
        isSigned: true,
        claims: { sub: userId, role: 'admin' },
        body,
      },
    ]);
  });

  it('is read, or not modified', async () => {
    const { userId, headers } = await caller('admin');
    await play(userId, { how: 'answer', status: 304, headers: { etag: '"1"' } });
    const answer = await openShop().fetch('/api/activities/a', {
      headers: { ...headers, 'if-none-match': '"1"' },
    });
    expect(answer.status).toBe(304);
    const [request] = await recordedOf(userId);
    expect(request?.headers['if-none-match']).toBe('"1"');
  });

  it('is replaced under its condition, listed by its query, deleted and paused', async () => {
    const { userId, headers } = await caller('admin');
    await play(userId, { how: 'answer', status: 200, headers: { etag: '"2"' }, body: '{}' });
    const shop = openShop();
    const body = '{ "stock": 5 }';
    const put = { ...headers, 'if-match': '"1"', 'content-type': 'application/json' };
    const replaced = await shop.fetch('/api/activities/a', { method: 'PUT', headers: put, body });
    expect([replaced.status, replaced.headers.get('etag')]).toEqual([200, '"2"']);
    const conditional = { ...headers, 'if-match': '"2"' };
    await shop.fetch('/api/activities/a', { method: 'DELETE', headers: conditional });
    await shop.fetch('/api/activities/a/pause', { method: 'POST', headers });
    await shop.fetch('/api/activities?state=ENDED&limit=3', { headers });
    const requests = await recordedOf(userId);
    expect(requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'PUT /api/activities/a',
      'DELETE /api/activities/a',
      'POST /api/activities/a/pause',
      'GET /api/activities?state=ENDED&limit=3',
    ]);
    expect(requests.every(({ isSigned }) => isSigned)).toBe(true);
    expect(requests[0]).toMatchObject({ body, headers: { 'if-match': '"1"' } });
    expect(requests[1]?.headers['if-match']).toBe('"2"');
  });

  it('is nobody’s business but an admin’s', async () => {
    const { userId, headers } = await caller();
    const shop = openShop();
    const create = { method: 'POST', headers, body: 'x' };
    for (const answer of [
      await shop.fetch('/api/activities', create),
      await shop.fetch('/api/activities/a', { headers }),
    ]) {
      expect(await answer.json()).toMatchObject({ status: 403, type: '/problems/forbidden' });
    }
    expect((await shop.fetch('/api/activities/a')).status).toBe(401);
    expect(await recordedOf(userId)).toEqual([]);
  });

  it('is refused at the edge for its size, its type or its name', async () => {
    const { headers } = await caller('admin');
    const shop = openShop();
    const post = (body: string, type: string) =>
      shop.fetch('/api/activities', {
        method: 'POST',
        headers: { ...headers, 'content-type': type },
        body,
      });
    expect((await post('x'.repeat(64 * 1024 + 1), 'application/json')).status).toBe(413);
    expect((await post('{}', 'text/plain')).status).toBe(415);
    const answer = await shop.fetch('/api/activities/a%2Fb', { headers });
    expect(await answer.json()).toMatchObject({ status: 404, type: '/problems/unknown-activity' });
  });
});
