// POST /api/seckill/:skuId: who is challenged, who is refused, and the ways back.
import { describe, expect, it } from 'vitest';
import { placeText } from '../../../lua/place-text.ts';
import type { WorkChallenge } from '../../../shared/challenge.ts';
import { edgeKeys } from '../../../shared/keys.ts';
import { mintUlid } from '../../../shared/order-id.ts';
import {
  attest,
  automatedDevice,
  challengeOf,
  deviceTokenFor,
  freshDevice,
  freshInput,
  newVisitor,
  solve,
  type Visitor,
} from '../browser-under-test.ts';
import { putOnShelf, type Shelf } from '../sale-on-shelf.ts';
import { deviceTokenOf, fresh, openShop, redis, type Shop } from '../shop.ts';
import { until } from '../until.ts';

const easy = { PROOF_MAX_NUMBER: '200' };
const scored = { status: { challengeAt: 40, denyAt: 80 } };

interface Tried {
  readonly status: number;
  readonly body: {
    readonly type?: string;
    readonly challenge?: WorkChallenge;
    readonly reference?: string;
    readonly detail?: string;
  };
}

async function buy(
  shop: Shop,
  { skuId }: Shelf,
  { visitor, deviceToken }: { readonly visitor: Visitor; readonly deviceToken?: string },
): Promise<Tried> {
  const token = deviceToken === undefined ? {} : { 'x-device-token': deviceToken };
  const headers = { ...visitor.headers, ...token };
  const answer = await shop.fetch(`/api/seckill/${skuId}`, { method: 'POST', headers, body: '{}' });
  return { status: answer.status, body: await answer.json() };
}

const challenged = { status: 403, body: { type: '/problems/challenge-required' } };

describe('challenge-required', () => {
  it('without a device token; solved, the purchase goes through', async () => {
    const [shop, shelf] = [openShop(easy), await putOnShelf(scored)];
    const visitor = await newVisitor();
    const first = await buy(shop, shelf, { visitor });
    expect(first).toMatchObject(challenged);
    expect(first.body.challenge).toMatchObject({ algorithm: 'SHA-256', maxnumber: 200 });
    if (first.body.challenge === undefined) return;
    const proof = await solve(first.body.challenge);
    const shown = await attest(shop, visitor, {
      device: freshDevice(),
      input: freshInput(),
      proof,
    });
    const { deviceToken } = await shown.json<{ deviceToken: string }>();
    expect(await buy(shop, shelf, { visitor, deviceToken })).toMatchObject({ status: 201 });
  });

  it('with the token of another user, an expired one, or one bit flipped', async () => {
    const [shop, shelf] = [openShop(), await putOnShelf()];
    const visitor = await newVisitor();
    const good = await deviceTokenOf(visitor.userId);
    const tokens = [
      await deviceTokenOf(fresh('user')),
      await deviceTokenOf(visitor.userId, { expiresAt: Date.now() - 1 }),
      good.slice(0, -1) + String.fromCharCode(good.charCodeAt(good.length - 1) ^ 1),
      'x'.repeat(10_000),
    ];
    for (const deviceToken of tokens) {
      expect(await buy(shop, shelf, { visitor, deviceToken })).toMatchObject(challenged);
    }
    expect(await buy(shop, shelf, { visitor, deviceToken: good })).toMatchObject({ status: 201 });
  });

  it('stronger for a score between the thresholds; solved, never again', async () => {
    const [shop, shelf] = [openShop(easy), await putOnShelf(scored)];
    const visitor = await newVisitor();
    const odd = await deviceTokenOf(visitor.userId, { score: 60, hits: ['no-device'] });
    const tried = await buy(shop, shelf, { visitor, deviceToken: odd });
    expect(tried).toMatchObject(challenged);
    const { challenge } = tried.body;
    expect(challenge?.maxnumber).toBeGreaterThanOrEqual(8 * 200);
    expect(challenge?.salt).toContain('level=strong');
    if (challenge === undefined) return;
    const shown = await attest(shop, visitor, { proof: await solve(challenge) });
    const { deviceToken } = await shown.json<{ deviceToken: string }>();
    expect(await buy(shop, shelf, { visitor, deviceToken })).toMatchObject({ status: 201 });
  });

  it('for the fourth user of one device that is one person’s', async () => {
    const [shop, shelf] = [openShop(easy), await putOnShelf(scored)];
    const names = { device: fresh('device'), hardware: fresh('hardware') };
    const tryAsSomebody = async () => {
      const visitor = await newVisitor();
      const deviceToken = await deviceTokenOf(visitor.userId, { names });
      return buy(shop, shelf, { visitor, deviceToken });
    };
    for (let user = 0; user < 3; user += 1) await tryAsSomebody();
    expect(await tryAsSomebody()).toMatchObject({ status: 403 });
  });
});

describe('refused', () => {
  it('with a reference, one plain sentence, and nothing of why', async () => {
    const [shop, shelf] = [openShop(easy), await putOnShelf(scored)];
    const visitor = await newVisitor();
    const device = automatedDevice();
    const deviceToken = await deviceTokenFor(shop, visitor, { device });
    const tried = await buy(shop, shelf, { visitor, deviceToken });
    expect(tried).toMatchObject({ status: 403, body: { type: '/problems/refused' } });
    expect(tried.body.reference).toMatch(/^\w{4}-\w{4}-\w{4}$/);
    const told = JSON.stringify({ ...tried.body, reference: '', instance: '' });
    expect(told).not.toMatch(/webdriver|score|rule|device/);
  });

  it('is explained to operators by its reference, without who it was', async () => {
    const [shop, shelf] = [openShop(), await putOnShelf(scored)];
    const visitor = await newVisitor();
    const deviceToken = await deviceTokenOf(visitor.userId, { score: 99, hits: ['webdriver'] });
    const { body } = await buy(shop, shelf, { visitor, deviceToken });
    const key = edgeKeys.explanation(body.reference ?? '');
    const kept = String(
      await until(
        () => redis('GET', key),
        (text) => text !== null,
      ),
    );
    expect(JSON.parse(kept)).toMatchObject({ stage: 'purchase', skuId: shelf.skuId });
    expect(kept).not.toContain(visitor.userId);
    expect(Number(await redis('TTL', key))).toBeGreaterThan(6 * 24 * 3_600);
  });

  it('has a way back: a stronger challenge, and the purchase goes through', async () => {
    const [shop, shelf] = [openShop(easy), await putOnShelf(scored)];
    const visitor = await newVisitor();
    const deviceToken = await deviceTokenOf(visitor.userId, { score: 99 });
    const tried = await buy(shop, shelf, { visitor, deviceToken });
    expect(tried).toMatchObject({ status: 403, body: { type: '/problems/refused' } });
    const isStrong = ({ salt }: WorkChallenge) => salt.includes('level=strong');
    const challenge = await until(() => challengeOf(shop, visitor), isStrong);
    expect(isStrong(challenge)).toBe(true);
    const shown = await attest(shop, visitor, { proof: await solve(challenge) });
    const back = await shown.json<{ deviceToken: string }>();
    const again = await buy(shop, shelf, { visitor, deviceToken: back.deviceToken });
    expect(again).toMatchObject({ status: 201 });
  });
});

it('nobody is asked for anything whose place has entered: an order may exist', async () => {
  const [shop, shelf] = [openShop(), await putOnShelf(scored)];
  const visitor = await newVisitor();
  const place = edgeKeys.place(shelf.skuId, visitor.userId);
  const [until, enteredAt] = [Date.now() + 60_000, Date.now() - 5_000];
  const held = { ulid: mintUlid(Date.now()), turn: 0, until, enteredAt };
  const stored = placeText(shelf.activityId, held);
  await redis('SET', place, stored, 'PX', 60_000);
  expect(await buy(shop, shelf, { visitor })).toMatchObject({ status: 201 });
});

it('with both thresholds at 100 nobody is scored', async () => {
  const [shop, shelf] = [openShop(), await putOnShelf()];
  const visitor = await newVisitor();
  const deviceToken = await deviceTokenOf(visitor.userId, { score: 100 });
  expect(await buy(shop, shelf, { visitor, deviceToken })).toMatchObject({ status: 201 });
});

it('503 while the facts cannot be had', async () => {
  const [shop, shelf] = [openShop(), await putOnShelf(scored)];
  const visitor = await newVisitor();
  const deviceToken = await deviceTokenOf(visitor.userId);
  await buy(shop, shelf, { visitor: await newVisitor(), deviceToken: '' });
  await shop.setRedis('refuse');
  expect(await buy(shop, shelf, { visitor, deviceToken })).toMatchObject({ status: 503 });
});
