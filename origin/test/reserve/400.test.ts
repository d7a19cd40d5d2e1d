import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { sendSigned } from '../signature/signed-client.ts';
import { type EmbeddedOrigin, startEmbeddedOrigin } from './embedded-origin.ts';
import { buy, newOrderId, openSale, purchaseCall, type Sale } from './shop-front.ts';

let origin: EmbeddedOrigin;
let sale: Sale;
beforeAll(async () => {
  origin = await startEmbeddedOrigin();
  sale = await openSale(origin.url, { limitPerUser: 2, stock: 1_000 });
});
afterAll(() => origin.close());

/** Each test is its own user, who must be able to buy up to the limit afterwards. */
let lastUser = 0;
const userId = () => `user-${lastUser}`;
afterEach(async () => {
  const untouched = await buy(origin.url, sale, { userId: userId(), quantity: 2 });
  expect(untouched.status).toBe(201);
  lastUser += 1;
});

const post = (body: string) =>
  sendSigned(origin.url, { ...purchaseCall(sale, { userId: userId() }), body });

it.each([
  ['is no JSON', 'quantity=1'],
  ['ends too early', '{"quantity":1'],
  ['has something behind it', '{"quantity":1}}'],
  ['is an array', '[{"quantity":1}]'],
  ['is a number', '1'],
  ['is a string', '"quantity"'],
  ['is null', 'null'],
  ['has a member twice', '{"quantity":1,"quantity":2}'],
  ['has a member twice, spelled otherwise', '{"quantity":1,"quantit\\u0079":2}'],
  ['has an unknown member', '{"quantity":1,"price":0}'],
  ['has a prototype', '{"quantity":1,"__proto__":{"quantity":2}}'],
  ['has a constructor', '{"quantity":1,"constructor":{"prototype":{}}}'],
  ['has a negative quantity', '{"quantity":-1}'],
  ['has a quantity of zero', '{"quantity":0}'],
  ['has half a quantity', '{"quantity":0.5}'],
  ['has a quantity and a bit', '{"quantity":1.0000001}'],
  ['has a quantity above a hundred', '{"quantity":101}'],
  ['has an endless quantity', '{"quantity":1e999}'],
  ['has a quantity in words', '{"quantity":"1"}'],
  ['has no value for its quantity', '{"quantity":null}'],
  ['has a list of quantities', '{"quantity":[1]}'],
  ['has a receipt that is no text', '{"quantity":1,"receipt":{}}'],
  ['has a receipt that nobody signed', '{"quantity":1,"receipt":"1.e30.AAAA"}'],
  ['has a receipt without end', JSON.stringify({ quantity: 1, receipt: 'x'.repeat(2_000) })],
  ['is nested without end', `${'{"a":'.repeat(1_000)}1${'}'.repeat(1_000)}`],
  ['is a deep list', `{"quantity":${'['.repeat(5_000)}${']'.repeat(5_000)}}`],
  ['holds a zero byte', '{"quantity":1,"\u0000":1}'],
])('refuses a body that %s', async (_what, body) => {
  const answer = await post(body);
  expect(answer.status).toBe(400);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(answer.body).toMatchObject({ type: '/problems/malformed', status: 400 });
  expect(answer.body.instance).toBe(answer.headers.get('x-request-id'));
  expect(JSON.stringify(answer.body)).not.toMatch(/node:|\.ts|\bat \w+ \(|fastify|valibot/i);
});

it('points at every wrong member at once', async () => {
  const { body } = await post('{"quantity":-1,"receipt":7,"colour":"red"}');
  const pointers = Array.isArray(body.errors) ? body.errors.map(({ pointer }) => pointer) : [];
  expect(pointers.sort()).toEqual(['/colour', '/quantity', '/receipt']);
});

it('refuses an order id of another item', async () => {
  const orderId = newOrderId({ skuId: 'another_item' });
  const answer = await buy(origin.url, sale, { userId: userId(), orderId });
  expect(answer).toMatchObject({ status: 400, body: { type: '/problems/malformed' } });
});

it.each(['', 'x', '-01ARZ3NDEKTSV4RRFFQ69G5FAV', 'a b-01ARZ3NDEKTSV4RRFFQ69G5FAV'])(
  'refuses the order id "%s"',
  async (orderId) => {
    const answer = await buy(origin.url, sale, { userId: userId(), orderId });
    expect(answer.status).toBe(400);
  },
);

it("refuses another buyer's receipt", async () => {
  const other = await buy(origin.url, sale, { userId: 'somebody-else' });
  const { receipt } = other.body;
  const answer = await buy(origin.url, sale, { userId: userId(), receipt });
  expect(answer).toMatchObject({ status: 400, body: { type: '/problems/malformed' } });
});
