// POST /api/device: what is refused, in the order of the contract.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  attest,
  challengeOf,
  freshDevice,
  freshInput,
  newVisitor,
  post,
  solve,
  type Visitor,
} from '../browser-under-test.ts';
import { openShop, type Shop } from '../shop.ts';

const easy = { PROOF_MAX_NUMBER: '200' };
const proofOf = async (shop: Shop, visitor: Visitor) => solve(await challengeOf(shop, visitor));

async function problemOf(answer: Response) {
  const { type } = await answer.json<{ type: string }>();
  return { status: answer.status, type };
}

it('413, 401, 415, 400, in this order', async () => {
  const shop = openShop();
  const large = { headers: {}, body: { proof: 'x'.repeat(17_000) } };
  expect((await post(shop, '/api/device', large)).status).toBe(413);
  expect((await post(shop, '/api/device', { headers: {}, body: {} })).status).toBe(401);
  const { headers } = await newVisitor();
  const plain = { headers: { ...headers, 'content-type': 'text/plain' }, body: {} };
  expect((await post(shop, '/api/device', plain)).status).toBe(415);
  expect((await post(shop, '/api/device', { headers, body: {} })).status).toBe(400);
});

describe('400 malformed', () => {
  it.each([
    ['no proof', { device: freshDevice() }],
    ['a member that nobody knows', { proof: 'x', devices: [] }],
    ['a signal that nobody knows', { proof: 'x', device: { ...freshDevice(), fonts: 3 } }],
    ['a signal that is missing', { proof: 'x', device: { ...freshDevice(), ua: undefined } }],
    ['a negative count', { proof: 'x', input: { ...freshInput(), clicks: -1 } }],
    ['a huge number', { proof: 'x', device: { ...freshDevice(), hc: 1e300 } }],
    ['a long text', { proof: 'x', device: { ...freshDevice(), tz: 'x'.repeat(10_000) } }],
    ['many brands', { proof: 'x', device: { ...freshDevice(), languages: Array(99).fill('en') } }],
  ])('for %s', async (_, body) => {
    const answer = await attest(openShop(), await newVisitor(), body);
    expect(await problemOf(answer)).toEqual({ status: 400, type: '/problems/malformed' });
  });
});

describe('400 proof-invalid', () => {
  const refused = { status: 400, type: '/problems/proof-invalid' };

  it('for a proof of another user', async () => {
    const shop = openShop(easy);
    const proof = await proofOf(shop, await newVisitor());
    expect(await problemOf(await attest(shop, await newVisitor(), { proof }))).toEqual(refused);
  });

  it('for what is no proof, and asks nothing of Redis', async () => {
    const shop = openShop();
    const visitor = await newVisitor();
    for (const proof of ['x', btoa('{}'), 'XXXX.DUMMY.TOKEN.XXXX']) {
      expect(await problemOf(await attest(shop, visitor, { proof }))).toEqual(refused);
    }
    expect(await shop.asked()).toEqual([]);
  });

  it('for a proof with any bit flipped, or it proves the same', async () => {
    const shop = openShop(easy);
    const visitor = await newVisitor();
    const proof = await proofOf(shop, visitor);
    for (let at = 0; at < proof.length; at += 7) {
      const flipped = String.fromCharCode(proof.charCodeAt(at) ^ 1);
      const changed = proof.slice(0, at) + flipped + proof.slice(at + 1);
      expect(await problemOf(await attest(shop, visitor, { proof: changed }))).toEqual(refused);
    }
  });
});

describe('409 proof-used', () => {
  const used = { status: 409, type: '/problems/proof-used' };

  it('for a proof that was shown before, in another isolate as well', async () => {
    const [shop, other] = [openShop(easy), openShop(easy)];
    const visitor = await newVisitor();
    const proof = await proofOf(shop, visitor);
    expect((await attest(shop, visitor, { proof })).status).toBe(200);
    expect(await problemOf(await attest(shop, visitor, { proof }))).toEqual(used);
    expect(await problemOf(await attest(other, visitor, { proof }))).toEqual(used);
  });

  it('for all but one of many at once', async () => {
    const shop = openShop(easy);
    const visitor = await newVisitor();
    const proof = await proofOf(shop, visitor);
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => attest(shop, visitor, { proof })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(409)]);
  });
});

it('429: after ten a second of one network; the proof still counts afterwards', async () => {
  const shop = openShop(easy);
  const address = '203.0.113.77';
  const visitors = await Promise.all(
    Array.from({ length: 30 }, () => newVisitor(undefined, address)),
  );
  const shown = await Promise.all(
    visitors.map(async (visitor) => ({ visitor, proof: await proofOf(shop, visitor) })),
  );
  const answers = await Promise.all(
    shown.map(async ({ visitor, proof }) => ({
      visitor,
      proof,
      answer: await attest(shop, visitor, { proof }),
    })),
  );
  const refused = answers.filter(({ answer }) => answer.status === 429);
  expect(refused.length).toBeGreaterThanOrEqual(10);
  for (const { answer, visitor, proof } of refused.slice(0, 5)) {
    expect(answer.headers.get('retry-after')).toBe('1');
    const headers = { ...visitor.headers, 'cf-connecting-ip': '203.0.113.78' };
    expect((await attest(shop, { ...visitor, headers }, { proof })).status).toBe(200);
  }
});

it('503: while nobody can tell whether a proof was used', async () => {
  const shop = openShop(easy);
  const visitor = await newVisitor();
  const proof = await proofOf(shop, visitor);
  await shop.setRedis('refuse');
  const answer = await attest(shop, visitor, { proof });
  expect(await problemOf(answer)).toEqual({ status: 503, type: '/problems/unavailable' });
  expect(answer.headers.get('retry-after')).toBe('1');
});

it('no signal of whatever kind passes without a proof, or is thrown at', async () => {
  const shop = openShop();
  const visitor = await newVisitor();
  const names = Object.keys(freshDevice());
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...names), fc.jsonValue(), async (name, value) => {
      const device = { ...freshDevice(), [name]: value };
      const { status } = await attest(shop, visitor, { device, proof: 'x' });
      expect(status).toBe(400);
    }),
  );
});
