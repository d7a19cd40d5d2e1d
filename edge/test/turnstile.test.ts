// Cloudflare Turnstile as the stronger challenge.
import { describe, expect, inject, it } from 'vitest';
import type { TurnstileChallenge } from '../../shared/challenge.ts';
import { attest, challengeOf, newVisitor, solve, type Visitor } from './browser-under-test.ts';
import { putOnShelf } from './sale-on-shelf.ts';
import { deviceTokenOf, fresh, openShop, type Shop } from './shop.ts';

const { turnstile } = inject('surroundings');
const bindings = {
  PROOF_MAX_NUMBER: '200',
  TURNSTILE_SITE_KEY: '1x00000000000000000000AA',
  TURNSTILE_SECRET: turnstile.secret,
  TURNSTILE_URL: turnstile.url,
};

async function challengedAt(shop: Shop, visitor: Visitor): Promise<TurnstileChallenge> {
  const { skuId } = await putOnShelf({ status: { challengeAt: 40, denyAt: 80 } });
  const deviceToken = await deviceTokenOf(visitor.userId, { score: 60 });
  const headers = { ...visitor.headers, 'x-device-token': deviceToken };
  const answer = await shop.fetch(`/api/seckill/${skuId}`, { method: 'POST', headers, body: '{}' });
  expect(answer.status).toBe(403);
  return (await answer.json<{ challenge: TurnstileChallenge }>()).challenge;
}

const widgetToken = ({ action, cData }: TurnstileChallenge) => `${action}:${cData}:${fresh('n')}`;

async function problemOf(answer: Response) {
  return { status: answer.status, type: (await answer.json<{ type: string }>()).type };
}

describe('a stronger challenge', () => {
  it('is Turnstile’s; its token gives a device token, once', async () => {
    const shop = openShop(bindings);
    const visitor = await newVisitor();
    const challenge = await challengedAt(shop, visitor);
    expect(challenge).toMatchObject({
      algorithm: 'TURNSTILE',
      siteKey: bindings.TURNSTILE_SITE_KEY,
    });
    const proof = widgetToken(challenge);
    expect((await attest(shop, visitor, { proof })).status).toBe(200);
    expect(await problemOf(await attest(shop, visitor, { proof }))).toEqual({
      status: 409,
      type: '/problems/proof-used',
    });
  });

  it('is nobody else’s, and of no other widget of the site', async () => {
    const shop = openShop(bindings);
    const visitor = await newVisitor();
    const challenge = await challengedAt(shop, visitor);
    const invalid = { status: 400, type: '/problems/proof-invalid' };
    const other = await newVisitor();
    const proof = widgetToken(challenge);
    expect(await problemOf(await attest(shop, other, { proof }))).toEqual(invalid);
    const login = widgetToken({ ...challenge, action: 'login' });
    expect(await problemOf(await attest(shop, visitor, { proof: login }))).toEqual(invalid);
    expect(await problemOf(await attest(shop, visitor, { proof: 'forged' }))).toEqual(invalid);
  });
});

it('an ordinary challenge stays a proof of work', async () => {
  const shop = openShop(bindings);
  const visitor = await newVisitor();
  const proof = await solve(await challengeOf(shop, visitor));
  expect((await attest(shop, visitor, { proof })).status).toBe(200);
});

it.each([
  ['does not answer', { TURNSTILE_URL: 'http://127.0.0.1:9/siteverify' }],
  ['does not know our key', { TURNSTILE_SECRET: 'another' }],
])('503 while Turnstile %s', async (_, changes) => {
  const shop = openShop({ ...bindings, ...changes });
  const visitor = await newVisitor();
  const proof = widgetToken(await challengedAt(shop, visitor));
  expect((await attest(shop, visitor, { proof })).status).toBe(503);
});
