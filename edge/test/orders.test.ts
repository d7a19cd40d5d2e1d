// Cancelling, receipts and payment callbacks: what the edge itself decides, and what it hands on.
import { describe, expect, it } from 'vitest';
import { play, problem, recordedOf } from './origin-records.ts';
import { fresh, freshAddress, openShop, tokenOf } from './shop.ts';

const orderId = 'sku-01ARZ3NDEKTSV4RRFFQ69G5FAV';
const cancelPath = `/api/orders/${orderId}/cancel`;
const json = { 'content-type': 'application/json' };

async function buyer() {
  const userId = fresh('user');
  const authorization = `Bearer ${await tokenOf(userId)}`;
  return { userId, headers: { authorization, 'cf-connecting-ip': freshAddress() } };
}

describe.each([
  ['cancel', cancelPath, '{}', { why: 1 }],
  ['receipts', '/api/receipts', '{"receipt":"1.a.b"}', { receipt: 1 }],
])('%s', (_name, path, body, wrong) => {
  it('is asked for in the name of the caller, and counted', async () => {
    const { userId, headers } = await buyer();
    await play(userId, { how: 'answer', status: 200, body: '{"status":"CANCELLED"}' });
    const init = { method: 'POST', headers: { ...headers, ...json }, body };
    const answer = await openShop().fetch(path, init);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ status: 'CANCELLED' });
    expect(answer.headers.get('ratelimit')).toMatch(/^"network";r=9;t=\d$/);
    expect(answer.headers.get('ratelimit-policy')).toBe('"network";q=10;w=1');
    expect(await recordedOf(userId)).toMatchObject([
      { method: 'POST', path, body, isSigned: true, claims: { sub: userId } },
    ]);
  });

  it('is 429 from the eleventh request of a network in a second on', async () => {
    const { userId, headers } = await buyer();
    await play(userId, { how: 'answer', status: 200, body: '{}' });
    const shop = openShop();
    const init = { method: 'POST', headers: { ...headers, ...json }, body };
    const asked = await Promise.all(Array.from({ length: 25 }, () => shop.fetch(path, init)));
    const refused = asked.filter(({ status }) => status === 429);
    // The requests may lie on both sides of a window's end.
    expect(refused.length).toBeGreaterThanOrEqual(5);
    expect(refused[0]?.headers.get('retry-after')).toMatch(/^\d+$/);
    expect((await recordedOf(userId)).length).toBe(25 - refused.length);
  });

  it('is refused in the order of the contract, and the origin hears of none of it', async () => {
    const { userId, headers } = await buyer();
    const ask = (init: RequestInit<IncomingRequestCfProperties>) =>
      openShop().fetch(path, { method: 'POST', ...init });
    const long = 'x'.repeat(16_385);
    expect((await ask({ body: long })).status).toBe(413);
    expect((await ask({ body: 'x', headers: { 'content-type': 'text/plain' } })).status).toBe(401);
    const typed = { ...headers, 'content-type': 'text/plain' };
    expect((await ask({ body: 'x', headers: typed })).status).toBe(415);
    const answer = await ask({ body: JSON.stringify(wrong), headers: { ...headers, ...json } });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ errors: [{ pointer: expect.any(String) }] });
    expect(await recordedOf(userId)).toEqual([]);
  });

  it('passes refusals on, and is 503 where the origin is silent', async () => {
    const { userId, headers } = await buyer();
    const init = { method: 'POST', headers: { ...headers, ...json }, body };
    await play(userId, problem(409, { type: '/problems/already-paid' }), { how: 'hang-up' });
    expect((await openShop().fetch(path, init)).status).toBe(409);
    expect((await openShop().fetch(path, init)).status).toBe(503);
  });
});

it('an order id that is none is 404 without a question', async () => {
  const { userId, headers } = await buyer();
  const answer = await openShop().fetch('/api/orders/x/cancel', { method: 'POST', headers });
  expect(await answer.json()).toMatchObject({ status: 404, type: '/problems/unknown-order' });
  expect(await recordedOf(userId)).toEqual([]);
});

describe('a payment callback', () => {
  const path = '/api/payments/callback';
  const signed = {
    'webhook-id': 'msg_1',
    'webhook-timestamp': '1',
    'webhook-signature': 'v1,x',
  };

  it('is handed on byte by byte with its headers, and counts for no buyer', async () => {
    // The origin records by the user that claims name; a callback has none, but its path.
    const before = (await recordedOf(path)).length;
    await play(path, { how: 'answer', status: 204, body: '' });
    const body = `{"odd" : "${fresh('body')}" }`;
    const headers = { ...json, ...signed };
    const answer = await openShop().fetch(path, { method: 'POST', headers, body });
    expect(answer.status).toBe(204);
    expect(answer.headers.has('ratelimit')).toBe(false);
    const [seen] = (await recordedOf(path)).slice(before).filter((one) => one.body === body);
    expect(seen).toMatchObject({ path, isSigned: true, claims: {}, headers });
  });

  it('keeps its own content type, and is 401 where the origin says so', async () => {
    await play(path, problem(401, { type: '/problems/signature-invalid' }));
    const body = fresh('body');
    const headers = { 'content-type': 'text/plain' };
    const answer = await openShop().fetch(path, { method: 'POST', headers, body });
    expect(await answer.json()).toMatchObject({ status: 401, type: '/problems/signature-invalid' });
    const [seen] = (await recordedOf(path)).filter((one) => one.body === body);
    expect(seen?.headers['content-type']).toBe('text/plain');
  });

  it('is 413 above 64 KiB, and 503 where the edge itself is not believed', async () => {
    const shop = openShop();
    const long = { method: 'POST', body: 'x'.repeat(65_537) };
    expect((await shop.fetch(path, long)).status).toBe(413);
    await play(path, problem(401, { type: '/problems/edge-signature' }));
    expect((await shop.fetch(path, { method: 'POST', body: '{}' })).status).toBe(503);
  });
});
