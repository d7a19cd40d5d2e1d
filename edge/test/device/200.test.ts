// POST /api/device: what gets a device token.
import { expect, it } from 'vitest';
import {
  attest,
  challengeOf,
  freshDevice,
  freshInput,
  newVisitor,
  solve,
} from '../browser-under-test.ts';
import { openShop } from '../shop.ts';

const easy = { PROOF_MAX_NUMBER: '200' };

it('a device with its signals and a solved challenge, for twelve hours', async () => {
  const shop = openShop(easy);
  const visitor = await newVisitor();
  const proof = await solve(await challengeOf(shop, visitor));
  const body = { device: freshDevice(), input: freshInput(), proof };
  const answer = await attest(shop, visitor, body);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('ratelimit')).toBe('"network";r=9;t=1');
  expect(answer.headers.get('ratelimit-policy')).toBe('"network";q=10;w=1');
  const given = await answer.json<{ deviceToken: string; expiresAt: string }>();
  expect(Object.keys(given)).toEqual(['deviceToken', 'expiresAt']);
  expect(given.deviceToken.length).toBeLessThanOrEqual(512);
  const lifetimeMs = Date.parse(given.expiresAt) - Date.now();
  expect(lifetimeMs).toBeGreaterThan(11.9 * 3_600_000);
});

it('a browser whose collector is blocked', async () => {
  const shop = openShop(easy);
  const visitor = await newVisitor();
  const proof = await solve(await challengeOf(shop, visitor));
  expect((await attest(shop, visitor, { proof })).status).toBe(200);
});

it('members that a browser does not have may be null', async () => {
  const shop = openShop(easy);
  const visitor = await newVisitor();
  const proof = await solve(await challengeOf(shop, visitor));
  const device = { ...freshDevice(), dm: null, uad: null, gl: { v: null, r: null } };
  const input = { ...freshInput(), pointer: null, first_input_ms: null };
  expect((await attest(shop, visitor, { device, input, proof })).status).toBe(200);
});
