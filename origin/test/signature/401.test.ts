// Who may call the origin: the edge by its signature, admins by their token, nobody else; and what
// was refused has changed nothing.
import { SignJWT } from 'jose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  type EmbeddedOrigin,
  JWT_SECRET,
  startEmbeddedOrigin,
} from '../reserve/embedded-origin.ts';
import { buy, newOrderId, openSale, purchaseCall, type Sale } from '../reserve/shop-front.ts';
import {
  type Call,
  freshNonce,
  type Signing,
  send,
  sendSigned,
  signatureHeaders,
  signingNow,
} from './signed-client.ts';

let beforeStart: number;
let origin: EmbeddedOrigin;
let sale: Sale;
beforeAll(async () => {
  beforeStart = Date.now() - 1;
  origin = await startEmbeddedOrigin();
  sale = await openSale(origin.url, { stock: 2 });
});
afterAll(() => origin.close());

const refused = {
  status: 401,
  body: {
    type: '/problems/edge-signature',
    title: 'Not signed by the edge',
    status: 401,
    detail: expect.any(String),
    instance: expect.any(String),
  },
};
const purchase = (): Call => purchaseCall(sale, { userId: 'mallory' });
const sendAs = (call: Call, signing: Signing, changes: Call = call) =>
  send(origin.url, { ...changes, headers: signatureHeaders(call, signing) });

it('refuses an unsigned purchase, and one that only claims', async () => {
  const { 'x-edge-claims': claims = '' } = signatureHeaders(purchase(), signingNow());
  for (const headers of [{}, { 'x-edge-claims': claims }]) {
    expect(await send(origin.url, { ...purchase(), headers })).toMatchObject(refused);
  }
});

it.each<[string, () => Partial<Signing>]>([
  ['by an unknown key', () => ({ keyId: 'edge-2' })],
  ['with another secret', () => ({ secret: 'the-secret-of-somebody-else-here' })],
  ['for another host', () => ({ target: 'origin.example.com' })],
  ['for this host with a port', () => ({ target: new URL(origin.url).host })],
  ['half a minute and a second ago', () => ({ time: String(Date.now() - 31_000) })],
  ['for half a minute ahead', () => ({ time: String(Date.now() + 35_000) })],
  ['before this origin started', () => ({ time: String(beforeStart) })],
  ['in seconds', () => ({ time: String(Math.floor(Date.now() / 1000)) })],
  ['at a time in hex', () => ({ time: `0x${Date.now().toString(16)}` })],
  ['with a short nonce', () => ({ nonce: 'AAAA' })],
  ['with an endless nonce', () => ({ nonce: 'A'.repeat(1_000) })],
])('refuses a purchase signed %s', async (_how, changes) => {
  expect(await sendAs(purchase(), signingNow(changes()))).toMatchObject(refused);
});

it.each<[string, (call: Call) => Call]>([
  ['body', (call) => ({ ...call, body: '{"quantity":2}' })],
  ['path', (call) => ({ ...call, path: `${call.path}?x=1` })],
  ['method', (call) => ({ ...call, method: 'PUT' })],
])('refuses a purchase whose %s is not the one signed', async (_part, change) => {
  const call = purchase();
  expect(await sendAs(call, signingNow(), change(call))).toMatchObject(refused);
});

it.each(['x-edge-claims', 'x-edge-time', 'x-edge-nonce', 'x-edge-target', 'x-edge-key-id'])(
  'refuses a purchase without its %s, or with that of another',
  async (name) => {
    const { [name]: _left, ...without } = signatureHeaders(purchase(), signingNow());
    expect(await send(origin.url, { ...purchase(), headers: without })).toMatchObject(refused);

    const claims = { sub: 'ann', orderId: newOrderId(sale), activityId: sale.activityId };
    const time = String(Date.now() + 5_000);
    const foreign = signingNow({ time, target: 'localhost', keyId: 'edge-3' });
    const other = signatureHeaders({ ...purchase(), claims }, foreign);
    const headers = signatureHeaders(purchase(), signingNow());
    const mixed = { ...headers, [name]: other[name] ?? '' };
    expect(await send(origin.url, { ...purchase(), headers: mixed })).toMatchObject(refused);
  },
);

it('refuses a signature that was used, also for a read and when many come at once', async () => {
  const read: Call = { path: `/api/seckill/status/${newOrderId(sale)}`, claims: { sub: 'ann' } };
  const headers = signatureHeaders(read, signingNow({ nonce: freshNonce() }));
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => send(origin.url, { ...read, headers })),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([...Array(9).fill(401), 404]);
});

it.each([
  ['a user of no form', { sub: 'a b' }],
  ['a role nobody has', { sub: 'ann', role: 'root' }],
  ['a member too many', { sub: 'ann', admin: true }],
])('refuses signed claims with %s', async (_what, claims) => {
  const call = { ...purchase() };
  const signed = JSON.parse(JSON.stringify({ ...call, claims }));
  expect(await sendAs(signed, signingNow(), call)).toMatchObject(refused);
});

it('refuses unsigned calls to paths that are nowhere, before it says so', async () => {
  expect(await send(origin.url, { path: '/nowhere' })).toMatchObject(refused);
  expect(await send(origin.url, { path: '/api/seckill/sku_1' })).toMatchObject(refused);
});

const soon = () => Math.floor(Date.now() / 1000) + 60;
const jwt = (claims: object, secret = JWT_SECRET) =>
  new SignJWT({ exp: soon(), ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(secret));
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

it('takes an admin straight at activities and status, and nowhere else', async () => {
  const headers = bearer(await jwt({ sub: 'ada', role: 'admin' }));
  const activity = { path: `/api/activities/${sale.activityId}`, headers };
  expect(await send(origin.url, activity)).toMatchObject({ status: 200 });
  const status = { path: `/api/seckill/status/${newOrderId(sale)}`, headers };
  expect(await send(origin.url, status)).toMatchObject({ status: 404 });
  expect(await send(origin.url, { ...purchase(), headers })).toMatchObject(refused);
  expect(await send(origin.url, { path: `/api/sales/${sale.skuId}`, headers })).toMatchObject(
    refused,
  );
});

it('refuses a buyer’s token straight at the origin with 403', async () => {
  const headers = bearer(await jwt({ sub: 'ann' }));
  for (const path of [`/api/activities/${sale.activityId}`, '/api/seckill/status/x']) {
    expect(await send(origin.url, { path, headers })).toMatchObject({
      status: 403,
      body: { type: '/problems/forbidden' },
    });
  }
  expect(await send(origin.url, { ...purchase(), headers })).toMatchObject(refused);
});

it.each<[string, () => Promise<string>]>([
  ['signed by somebody else', () => jwt({ sub: 'ada', role: 'admin' }, 'some-other-secret-of-32')],
  ['that is over', () => jwt({ sub: 'ada', role: 'admin', exp: soon() - 120 })],
  ['without a user', () => jwt({ role: 'admin' })],
  ['of a user of no form', () => jwt({ sub: 'a b', role: 'admin' })],
  ['signed by nobody', async () => unsigned({ sub: 'ada', role: 'admin', exp: 9_999_999_999 })],
  ['that is none', async () => 'a.b.c'],
])('refuses a token %s with 401', async (_what, token) => {
  const headers = bearer(await token());
  const answer = await send(origin.url, { path: `/api/activities/${sale.activityId}`, headers });
  expect(answer).toMatchObject({ status: 401, body: { type: '/problems/unauthenticated' } });
});

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const unsigned = (claims: object) => `${part({ alg: 'none' })}.${part(claims)}.`;

it('has sold nothing to any of them', async () => {
  expect(await origin.rows.summary(sale.activityId)).toMatchObject({ orders: 0, deadLetters: 0 });
  for (const userId of ['mallory', 'ann']) {
    expect((await buy(origin.url, sale, { userId })).status).toBe(201);
  }
  expect((await sendSigned(origin.url, purchase())).body.type).toBe('/problems/limit-reached');
});
