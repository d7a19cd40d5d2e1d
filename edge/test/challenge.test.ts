// GET /api/challenge
import { expect, it } from 'vitest';
import { challengeOf, newVisitor } from './browser-under-test.ts';
import { openShop } from './shop.ts';

it('401: a challenge is for somebody', async () => {
  expect((await openShop().fetch('/api/challenge')).status).toBe(401);
});

it('200: ALTCHA’s members, for five minutes, a new one each time', async () => {
  const shop = openShop({ PROOF_MAX_NUMBER: '1000' });
  const visitor = await newVisitor();
  const [challenge, other] = [await challengeOf(shop, visitor), await challengeOf(shop, visitor)];
  expect(challenge).toEqual({
    algorithm: 'SHA-256',
    challenge: expect.stringMatching(/^[0-9a-f]{64}$/),
    salt: expect.stringMatching(/^[0-9a-f]{24}\?expires=\d{10}&user=[\w-]{22}&level=ordinary&$/),
    maxnumber: 1_000,
    signature: expect.stringMatching(/^[0-9a-f]{64}$/),
    expiresAt: expect.any(String),
  });
  const lifetimeMs = Date.parse(challenge.expiresAt) - Date.now();
  expect(lifetimeMs).toBeGreaterThan(290_000);
  expect(lifetimeMs).toBeLessThanOrEqual(300_000);
  expect(other.challenge).not.toBe(challenge.challenge);
  expect(JSON.stringify(challenge)).not.toContain(visitor.userId);
});

it('200: an ordinary one while Redis is away', async () => {
  const shop = openShop();
  await shop.setRedis('refuse');
  expect((await challengeOf(shop, await newVisitor())).salt).toContain('level=ordinary');
});
