// Promise 9: bad input gets a clear 4xx problem document and changes nothing; no input crashes a
// process or reaches a query, key or script unparsed.
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { hostileBodies } from '../crowd/hostile-bodies.ts';
import { tokensOf } from '../crowd/tokens.ts';
import { readRows } from '../demo/evidence.ts';
import { birthOf } from '../local/services/process.ts';
import { makeSecrets } from '../stack/secrets.ts';
import { type Stack, startStack } from '../stack/stack.ts';
import { decided, openSale, tokenOf } from './client.ts';
import { type SignedCall, signatureHeaders } from './edge-signing.ts';
import { type Answer, freshName, type Members, send } from './send.ts';

const secrets = makeSecrets();
const tokens = tokensOf(secrets.jwt);
let stack: Stack;
let sale: Members;
let url: string;
let token: string;
let births: (string | undefined)[];

const processes = () => Object.values(stack.pids()).map(birthOf);

beforeAll(async () => {
  const dir = join(inject('scratchDir'), freshName('hostile'));
  stack = await startStack({ kind: 'embedded', dir, secrets });
  births = processes();
  sale = await openSale(stack.edge);
  url = `${stack.edge}/api/seckill/${sale.skuId}`;
  token = await tokenOf(stack.edge, freshName('buyer'));
});
afterAll(() => stack.stop());

/** A problem document that tells nothing of what is inside. */
function expectProblem(answer: Answer, status: number, slug: string): void {
  expect(answer).toMatchObject({ status, body: { type: `/problems/${slug}`, status } });
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(answer.headers.get('x-request-id')).toBe(answer.body.instance);
  expect(JSON.stringify(answer.body)).not.toMatch(/node_modules|\.ts:|at .*\(|redis|sqlite/i);
}

describe('bodies', () => {
  test.for(hostileBodies.map((body) => [body]))('%s', async ([body = '']) => {
    const answer = await send(url, { token, body });
    const isTooLarge = body.length > 16_384;
    expectProblem(answer, isTooLarge ? 413 : 400, isTooLarge ? 'too-large' : 'malformed');
  });

  test('other content types', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp']) {
      const answer = await send(url, { token, body: '{}', headers: { 'content-type': type } });
      expectProblem(answer, 415, 'unsupported-media-type');
    }
  });
});

test('tokens that are none of ours', async () => {
  const user = freshName('buyer');
  const bad = [
    tokens.forged(user),
    tokens.expired(user),
    tokens.unsigned(user),
    tokens.good('no such:user id!'),
    'x.y.z',
    'Bearer',
  ];
  for (const token of bad)
    expectProblem(await send(url, { token, body: {} }), 401, 'unauthenticated');
  expectProblem(await send(url, { body: {} }), 401, 'unauthenticated');
});

test('odd items and methods', async () => {
  for (const skuId of [
    'no-such',
    '%7Bx%7D',
    'a'.repeat(33),
    '..%2F..%2Fetc',
    "x'%20or%201=1",
    '{}',
  ]) {
    const answer = await send(`${stack.edge}/api/seckill/${skuId}`, { token, body: {} });
    expect([404]).toContain(answer.status);
  }
  const answer = await send(url, { token, method: 'DELETE' });
  expectProblem(answer, 405, 'method-not-allowed');
  expect(answer.headers.get('allow')).toBe('POST');
});

test('tickets with one character changed', async () => {
  const { skuId } = await openSale(stack.edge, { ratePerSecond: 1, capacity: 1 });
  const slow = `${stack.edge}/api/seckill/${skuId}`;
  const people = await Promise.all(
    ['a', 'b', 'c'].map((name) => tokenOf(stack.edge, freshName(name))),
  );
  const answers = await Promise.all(
    people.map((token) => decided(() => send(slow, { token, body: {} }))),
  );
  const waiting = answers.findIndex(({ body }) => body.state === 'QUEUED');
  const ticket = String(answers[waiting]?.body.ticket);
  for (const at of [4, Math.floor(ticket.length / 2), ticket.length - 4]) {
    const other = ticket[at] === 'A' ? 'B' : 'A';
    const changed = ticket.slice(0, at) + other + ticket.slice(at + 1);
    const posted = await send(slow, { token: people[waiting] ?? '', body: { ticket: changed } });
    expectProblem(posted, 409, 'ticket-invalid');
    const polled = await send(`${stack.edge}/api/seckill/queue/${changed}`);
    expectProblem(polled, 404, 'ticket-invalid');
  }
  const thief = await tokenOf(stack.edge, freshName('thief'));
  expectProblem(await send(slow, { token: thief, body: { ticket } }), 409, 'ticket-invalid');
});

describe('straight at the origin', () => {
  const path = () => `/api/seckill/${sale.skuId}`;
  function signed(change: Partial<SignedCall> = {}): SignedCall {
    const user = freshName('buyer');
    const orderId = `${sale.skuId}-01KAQ${'0'.repeat(13)}${freshName('').slice(-8).replace('_', '0')}`;
    return {
      method: 'POST',
      path: path(),
      body: '{"quantity":1}',
      target: '127.0.0.1',
      claims: {
        sub: user,
        orderId: orderId.slice(0, String(sale.skuId).length + 27),
        activityId: sale.activityId,
      },
      key: secrets.edgeSignature,
      ...change,
    };
  }
  const call = (headers: Record<string, string>, body = '{"quantity":1}') =>
    send(`${stack.origin}${path()}`, { body, headers });

  test('calls without a signature, or with one that is almost right', async () => {
    expectProblem(await call({}), 401, 'edge-signature');
    expectProblem(await call({ authorization: `Bearer ${token}` }), 401, 'edge-signature');
    const almost: Partial<SignedCall>[] = [
      { key: 'local:another-secret-of-some-length' },
      { key: `other:${secrets.edgeSignature.split(':')[1]}` },
      { method: 'GET' },
      { path: '/api/seckill/other' },
      { body: '{"quantity":2}' },
      { target: 'elsewhere.example.com' },
      { time: Date.now() - 31_000 },
      { time: Date.now() + 31_000 },
      { nonce: 'short' },
    ];
    for (const change of almost) {
      expectProblem(await call(signatureHeaders(signed(change))), 401, 'edge-signature');
    }
  });

  test('a signature that has been used', async () => {
    const headers = signatureHeaders(signed({ body: '{"quantity":0}' }));
    expectProblem(await call(headers, '{"quantity":0}'), 400, 'malformed');
    expectProblem(await call(headers, '{"quantity":0}'), 401, 'edge-signature');
  });
});

test('nothing of all this has changed anything', async () => {
  expect(await readRows(stack.database, String(sale.activityId))).toEqual([]);
  const redis = new Redis({ ...stack.redis, protocol: 2 });
  expect(await redis.get(`stock:sku_{${sale.skuId}}`)).toBe('5');
  expect(await redis.get(`token_bucket:{${sale.skuId}}`)).toBe('5');
  redis.disconnect();
  expect(processes()).toEqual(births);
});
