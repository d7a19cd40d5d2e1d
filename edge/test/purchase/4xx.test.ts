// POST /api/seckill/:skuId: what is refused before any sale is asked, in the order of the contract.
import { describe, expect, it } from 'vitest';
import { putOnShelf } from '../sale-on-shelf.ts';
import { fresh, openShop, type Shop, tokenOf } from '../shop.ts';
import { until } from '../until.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

async function post(shop: Shop, path: string, init: RequestInit<IncomingRequestCfProperties>) {
  const answer = await shop.fetch(path, { method: 'POST', ...init });
  const body = await answer.json<Record<string, unknown>>();
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(body.instance).toBe(answer.headers.get('x-request-id'));
  expect(body.status).toBe(answer.status);
  return { status: answer.status, type: body.type, body };
}

const bearer = async () => ({ authorization: `Bearer ${await tokenOf(fresh('user'))}` });
const path = '/api/seckill/some_sku';

describe('401', () => {
  it('comes before what the body says', async () => {
    const body = '{"quantity":-1';
    const headers = { 'content-type': 'text/plain' };
    expect(await post(openShop(), path, { headers, body })).toMatchObject({
      status: 401,
      type: '/problems/unauthenticated',
    });
  });
});

describe('413', () => {
  const large = 'x'.repeat(16 * 1024 + 1);

  it('comes before 401, by what the request announces', async () => {
    expect(await post(openShop(), path, { body: large })).toMatchObject({
      status: 413,
      type: '/problems/too-large',
    });
  });

  it('comes at the first byte too many of a body that announces nothing', async () => {
    let pulled = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(4 * 1024));
      },
    });
    expect(await post(openShop(), path, { body })).toMatchObject({ status: 413 });
    expect(pulled).toBeLessThan(10);
  });

  it('does not come for exactly 16 KiB', async () => {
    const body = `{"quantity":-1${' '.repeat(16 * 1024 - 15)}}`;
    const headers = { ...(await bearer()), ...JSON_TYPE };
    expect(await post(openShop(), path, { headers, body })).toMatchObject({ status: 400 });
  });
});

describe('415', () => {
  it('comes before 400', async () => {
    const headers = { ...(await bearer()), 'content-type': 'text/plain' };
    expect(await post(openShop(), path, { headers, body: '{' })).toMatchObject({
      status: 415,
      type: '/problems/unsupported-media-type',
    });
  });
});

describe('400', () => {
  it('comes before 404, and lists what is wrong', async () => {
    const headers = { ...(await bearer()), ...JSON_TYPE };
    const body = '{"quantity":0,"x":1}';
    const answer = await post(openShop(), path, { headers, body });
    expect(answer).toMatchObject({ status: 400, type: '/problems/malformed' });
    expect(answer.body.errors).toHaveLength(2);
  });
});

describe('404', () => {
  it.each(['some_sku', 'x'.repeat(33), 'a%2Fb', '%00', '%zz', '__proto__', 'a:b', '{a}'])(
    'for a sale that nobody knows: %s',
    async (sku) => {
      const answer = await post(openShop(), `/api/seckill/${sku}`, { headers: await bearer() });
      expect(answer).toMatchObject({ status: 404, type: '/problems/unknown-sku' });
    },
  );
});

describe('429', () => {
  it('comes after ten requests a second of one network, to all of its users', async () => {
    const shop = openShop();
    const { skuId } = await putOnShelf();
    const buy = async (address: string) => {
      const headers = { ...(await bearer()), 'cf-connecting-ip': address };
      return shop.fetch(`/api/seckill/${skuId}`, { method: 'POST', headers });
    };
    const addresses = Array.from({ length: 40 }, (_, host) => `2001:db8::${host}`);
    const buyAll = async () => {
      const answers = await Promise.all(addresses.map(buy));
      return answers.filter(({ status }) => status === 429);
    };
    expect((await buyAll()).length).toBeLessThanOrEqual(30);
    // A slow machine has more than a second for them, and lets more of them through.
    const refused = await until(buyAll, ({ length }) => length >= 20);
    expect(refused.length).toBeGreaterThanOrEqual(20);
    for (const answer of refused) {
      expect(answer.headers.get('retry-after')).toBe('1');
      expect(answer.headers.get('ratelimit')).toBe('"network";r=0;t=1');
      expect(await answer.json()).toMatchObject({ type: '/problems/rate-limited' });
    }
    expect((await buy('2001:db8:0:1::1')).status).not.toBe(429);
  });
});
