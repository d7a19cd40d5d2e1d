// Requests that miss: the path, the method, the size, the kind.
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { send, sendSigned } from '../signature/signed-client.ts';
import { type EmbeddedOrigin, startEmbeddedOrigin } from './embedded-origin.ts';
import { buy, newSkuId, openSale, purchaseCall, type Sale } from './shop-front.ts';

let origin: EmbeddedOrigin;
let sale: Sale;
beforeAll(async () => {
  origin = await startEmbeddedOrigin();
  sale = await openSale(origin.url, { stock: 100 });
});
afterAll(() => origin.close());

const problem = (status: number, slug: string) => ({
  status,
  body: { type: `/problems/${slug}`, status, instance: expect.any(String) },
});

it.each([
  '/',
  '/api',
  '/api/nothing/here',
  '/api/seckill',
  '/api/seckill/queue/x',
  '/%00',
  '/..%2f',
])('404 not-found for %s', async (path) => {
  const answer = await sendSigned(origin.url, { path, claims: { sub: 'ann' } });
  expect(answer).toMatchObject(problem(404, 'not-found'));
});

it('404 not-found for an item or an order of endless length', async () => {
  const endless = 'x'.repeat(2_000);
  const item = { ...purchaseCall(sale, { userId: 'ann' }), path: `/api/seckill/${endless}` };
  const order = { path: `/api/seckill/status/${endless}`, claims: { sub: 'ann' } };
  for (const call of [item, order]) {
    expect(await sendSigned(origin.url, call)).toMatchObject(problem(404, 'not-found'));
  }
});

it.each(['a.b', 'x'.repeat(33), 'a-b', '%7Bsku%7D', 'caf%C3%A9', '%F0%9F%92%A9'])(
  '404 unknown-sku for the item %s',
  async (skuId) => {
    const call = { ...purchaseCall(sale, { userId: 'ann' }), path: `/api/seckill/${skuId}` };
    expect(await sendSigned(origin.url, call)).toMatchObject(problem(404, 'unknown-sku'));
  },
);

it.each([
  ['GET', '/api/seckill/sku_1', 'POST'],
  ['PUT', '/api/seckill/sku_1', 'POST'],
  ['DELETE', '/api/seckill/sku_1', 'POST'],
  ['POST', '/api/seckill/status/x', 'GET, HEAD'],
  ['DELETE', '/api/activities', 'GET, HEAD, POST'],
])('405 method-not-allowed for %s %s, with what is allowed', async (method, path, allow) => {
  const answer = await sendSigned(origin.url, { method, path, claims: { sub: 'ann' } });
  expect(answer).toMatchObject(problem(405, 'method-not-allowed'));
  expect(answer.headers.get('allow')).toBe(allow);
});

it('413 too-large above 16 KiB, signed or not, and nothing up to it', async () => {
  const call = purchaseCall(sale, { userId: 'big' });
  const filled = (bytes: number) => call.body + ' '.repeat(bytes - call.body.length);
  const tooLarge = { ...call, body: filled(16 * 1024 + 1) };
  expect(await sendSigned(origin.url, tooLarge)).toMatchObject(problem(413, 'too-large'));
  expect(await send(origin.url, tooLarge)).toMatchObject(problem(413, 'too-large'));
  expect(await sendSigned(origin.url, { ...call, body: filled(16 * 1024) })).toMatchObject({
    status: 201,
  });
});

it.each([
  'text/plain',
  'application/x-www-form-urlencoded',
  'application/jsonp',
  'application/xml',
])('415 unsupported-media-type for %s', async (type) => {
  const call = purchaseCall(sale, { userId: 'ann' });
  const answer = await sendSigned(origin.url, { ...call, headers: { 'content-type': type } });
  expect(answer).toMatchObject(problem(415, 'unsupported-media-type'));
});

it('takes JSON with a charset', async () => {
  const call = purchaseCall(sale, { userId: 'bea' });
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  expect((await sendSigned(origin.url, { ...call, headers })).status).toBe(201);
});

it('400 malformed for a purchase without a buyer or without an order id', async () => {
  const { path, body } = purchaseCall(sale, { userId: 'ann' });
  for (const claims of [{}, { sub: 'ann' }, { sub: 'ann', activityId: sale.activityId }]) {
    const answer = await sendSigned(origin.url, { path, body, claims });
    expect(answer).toMatchObject(problem(400, 'malformed'));
  }
});

it('503 unavailable for an activity that this origin does not know', async () => {
  const unknown = { ...sale, activityId: '01ARZ3NDEKTSV4RRFFQ69G5FAV' };
  const answer = await buy(origin.url, unknown, { userId: 'ann' });
  expect(answer).toMatchObject(problem(503, 'unavailable'));
  expect(answer.headers.get('retry-after')).toBe('1');
});

it('404 unknown-sku for an item that nobody sells, whatever the activity', async () => {
  const foreign = { activityId: sale.activityId, skuId: newSkuId() };
  expect(await buy(origin.url, foreign, { userId: 'ann' })).toMatchObject(
    problem(404, 'unknown-sku'),
  );
});

it('repeats the later order that exists for a purchase that follows another', async () => {
  const first = await buy(origin.url, sale, { userId: 'fay' });
  const { orderId } = first.body;
  const second = purchaseCall(sale, { userId: 'fay' });
  const body = JSON.stringify({ quantity: 1, follows: orderId });
  const repeated = await sendSigned(origin.url, { ...second, body });
  expect(repeated).toMatchObject({ status: 201, body: { orderId } });
  const odd = await sendSigned(origin.url, { ...second, body: '{"follows":"other-order"}' });
  expect(odd).toMatchObject(problem(400, 'malformed'));
});

it.each([
  ['an address that cannot be decoded', 'GET /api/seckill/%zz HTTP/1.1\r\nHost: x\r\n\r\n', '400'],
  ['a length that is no number', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n', '400'],
  ['no HTTP at all', 'once upon a time\r\n\r\n', '400'],
  [
    'two lengths',
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
    '400',
  ],
])('answers %s with 400 and names no library', async (_what, text, status) => {
  const answer = await sendRaw(origin.url, text);
  expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(answer).not.toMatch(/fastify|FST_|node:|\.js|stack/i);
});

/** What comes back for these bytes until the server closes or has answered. */
function sendRaw(url: string, text: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const socket = connect(Number(port), hostname, () => socket.write(text));
  socket.once('data', (chunk) => {
    resolve(chunk.toString('utf8'));
    socket.destroy();
  });
  socket.once('error', reject);
  socket.once('close', () => resolve(''));
  return promise;
}
