// Whom the Worker calls, as the signed list in Redis says, and what it does when nobody answers.
import { afterAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { edgeKeys } from '../../shared/keys.ts';
import { type OriginList, signedListText } from '../../shared/origin-list.ts';
import { encodeBytes } from '../base64url.ts';
import { createHmac } from '../hmac.ts';
import { play, recordedOf } from './origin-records.ts';
import type { Play } from './provided.ts';
import { putOnShelf } from './sale-on-shelf.ts';
import { fresh, newBuyer, openShop, redis, type Shop, tokenOf } from './shop.ts';

const { originUrl, signatureKey } = inject('surroundings');
const ALIVE = new URL(originUrl).host;
/** Nothing listens there. */
const DEAD = '127.0.0.1:1';
const LIFETIME_MS = 30_000;
const status = '/api/seckill/status/sku-01ARZ3NDEKTSV4RRFFQ69G5FAV';

async function publish(changes: Partial<OriginList>, key = signatureKey): Promise<void> {
  const [id = '', secret = ''] = key.split(':');
  const list = JSON.stringify({
    ...{ at: Date.now(), origins: [], isSelling: true, weights: {} },
    ...changes,
  });
  const signature = encodeBytes(await createHmac(secret)(signedListText(list)));
  const text = JSON.stringify({ term: 1, list, signatures: { [id]: signature } });
  await redis('SET', edgeKeys.origins, text, 'PX', LIFETIME_MS);
}
const hosts = (...names: string[]) => ({ origins: names.map((host) => ({ host, load: 0 })) });

/** A Worker that may call loopback addresses, and whose fall-back is nobody. */
const openDistrustful = (changes = {}) =>
  openShop({ ORIGIN_SUFFIX: '127.0.0.1', ORIGIN_FALLBACK: `http://${DEAD}`, ...changes });

async function askOnce(shop: Shop, userId = fresh('user')): Promise<number> {
  const headers = { authorization: `Bearer ${await tokenOf(userId)}` };
  return (await shop.fetch(status, { headers })).status;
}
const answered = { how: 'answer', status: 200, body: '{}' } as const;

async function visitor(...plays: Play[]): Promise<string> {
  const userId = fresh('user');
  await play(userId, ...plays);
  return userId;
}

beforeEach(() => redis('DEL', edgeKeys.origins));
afterAll(() => redis('DEL', edgeKeys.origins));

describe('the list', () => {
  it('is used from its first reading on, the fall-back before', async () => {
    await publish(hosts(ALIVE));
    const shop = openDistrustful();
    const userId = await visitor(answered);
    // The fall-back is dead, so the list is read while the buyer waits, and names another.
    expect(await askOnce(shop, userId)).toBe(200);
    expect(await recordedOf(userId)).toMatchObject([{ isSigned: true }]);
  });

  it.each([
    ['signed by somebody else', {}, 'test:another-secret-of-tests'],
    ['signed under another name', {}, signatureKey.replace('test', 'other')],
    ['too old', { at: Date.now() - 600_000 }, signatureKey],
    ['of the future', { at: Date.now() + 600_000 }, signatureKey],
    ['of other names than ours', hosts('localhost:80'), signatureKey],
  ])('is not believed when %s', async (_, changes, key) => {
    await publish({ ...hosts(ALIVE), ...changes }, key);
    expect(await askOnce(openDistrustful(), await visitor(answered))).toBe(503);
  });
});

describe('an origin that gives no answer', () => {
  it('costs a buyer nothing but the second attempt, and is left alone for a while', async () => {
    await publish(hosts(ALIVE, DEAD));
    const shop = openDistrustful();
    for (let round = 0; round < 20; round += 1) {
      expect(await askOnce(shop, await visitor(answered))).toBe(200);
    }
  });

  it('is not asked again about an edit that it may have made', async () => {
    await publish(hosts(ALIVE));
    const shop = openDistrustful({ ORIGIN_FALLBACK: originUrl.replace('127.0.0.1', 'localhost') });
    await askOnce(shop, await visitor(answered));
    const userId = await visitor({ how: 'hang-up' });
    const headers = {
      authorization: `Bearer ${await tokenOf(userId, { role: 'admin' })}`,
      'content-type': 'application/json',
    };
    const answer = await shop.fetch('/api/activities', { method: 'POST', headers, body: '{}' });
    expect(answer.status).toBe(503);
    expect(await recordedOf(userId)).toHaveLength(1);
  });

  it('is asked again about everything else, each time signed anew', async () => {
    await publish(hosts(ALIVE));
    const shop = openDistrustful({ ORIGIN_FALLBACK: originUrl.replace('127.0.0.1', 'localhost') });
    await askOnce(shop, await visitor(answered));
    const userId = await visitor({ how: 'hang-up' }, answered);
    expect(await askOnce(shop, userId)).toBe(200);
    const recorded = await recordedOf(userId);
    expect(recorded).toMatchObject([{ isSigned: true }, { isSigned: true }]);
    expect(new Set(recorded.map(({ nonce }) => nonce)).size).toBe(2);
  });
});

it('a switch in the list stops purchases, and nothing else', async () => {
  const key = 'own:a-signature-secret-of-one-test';
  await publish({ isSelling: false }, key);
  const shop = openShop({ EDGE_SIGNATURE_KEY: key });
  await askOnce(shop, await visitor(answered));
  const { skuId } = await putOnShelf();
  const buyer = await newBuyer();
  const refused = await buyer.buy(shop, skuId);
  expect(refused.status).toBe(503);
  expect(await refused.json()).toMatchObject({ type: '/problems/paused' });
  expect((await shop.fetch(`/api/sales/${skuId}`)).status).toBe(200);
});
