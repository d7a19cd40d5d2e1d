// POST /api/device: what gets a device token.
import fc from 'fast-check';
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

it('whatever its signals say, within their bounds: nothing is thrown', async () => {
  const shop = openShop({ PROOF_MAX_NUMBER: '100' });
  const texts = fc.string({ maxLength: 16 });
  const anything = fc.record({
    ua: fc.string({ maxLength: 512 }),
    platform: fc.option(texts),
    languages: fc.option(fc.array(texts, { maxLength: 32 })),
    webdriver: fc.option(fc.boolean()),
    hc: fc.option(fc.nat(4_096)),
    dm: fc.option(fc.double({ min: 0, max: 4_096, noNaN: true })),
    touch: fc.option(fc.nat(1_024)),
    dpr: fc.option(fc.double({ min: 0, max: 100, noNaN: true })),
    outer: fc.option(fc.tuple(fc.nat(100_000), fc.nat(100_000))),
    gl: fc.option(fc.record({ v: fc.option(texts), r: fc.option(texts) })),
    tz: fc.option(texts),
    uad: fc.option(
      fc.record({
        b: fc.array(fc.record({ brand: texts, version: texts }), { maxLength: 16 }),
        m: fc.option(fc.boolean()),
        p: fc.option(texts),
      }),
    ),
    canvas: fc.option(texts),
    vendor: fc.option(texts),
    productSub: fc.option(texts),
    evalLen: fc.option(fc.nat(10_000)),
  });
  await fc.assert(
    fc.asyncProperty(anything, async (signals) => {
      const visitor = await newVisitor();
      const proof = await solve(await challengeOf(shop, visitor));
      const device = { ...freshDevice(), ...signals };
      expect((await attest(shop, visitor, { device, proof })).status).toBe(200);
    }),
    { numRuns: 50 },
  );
});
