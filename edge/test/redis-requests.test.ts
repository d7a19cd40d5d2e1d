// How many HTTP requests to Redis the Worker makes while somebody waits.
import { describe, expect, it } from 'vitest';
import { attest, challengeOf, newVisitor, solve } from './browser-under-test.ts';
import { ONE_ENTERS, putOnShelf } from './sale-on-shelf.ts';
import {
  deviceTokenOf,
  fresh,
  freshAddress,
  newBuyer,
  openShop,
  type Shop,
  tokenOf,
} from './shop.ts';
import { until } from './until.ts';

/** What was asked while `work` ran, but for refreshes of the document behind an answer. */
async function askedDuring(shop: Shop, work: () => Promise<unknown>): Promise<string[][]> {
  const before = (await shop.asked()).length;
  await work();
  const asked = (await shop.asked()).slice(before);
  return withoutRefreshes(asked);
}

/** Documents and the list of origins are read anew behind answers. */
const withoutRefreshes = (asked: string[][]) =>
  asked.filter((commands) => commands.join() !== 'GET');

/** Of a purchase that was decided: what is late by its deadline is 503, and somebody else tries. */
async function askedByPurchase(open: (skuId: string) => Promise<Shop>): Promise<string[][]> {
  const tryOnce = async () => {
    const { skuId } = await putOnShelf();
    const [shop, buyer] = [await open(skuId), await newBuyer()];
    let status = 0;
    const asked = await askedDuring(shop, async () => {
      status = (await buyer.buy(shop, skuId)).status;
    });
    return { status, asked };
  };
  return (await until(tryOnce, ({ status }) => status === 201)).asked;
}

describe('a purchase makes two', () => {
  it('in a new isolate in front of a server that has no scripts', async () => {
    const asked = await askedByPurchase(async () => openShop());
    // The limit, its ceiling, place and document, standing, facts; then admission.
    const limit = ['EVAL', 'INCR', 'EXPIRE', 'MGET', 'GET', 'EVAL', 'EVAL'];
    expect(asked).toEqual([limit, ['EVAL']]);
  });

  it('by hash from then on', async () => {
    const asked = await askedByPurchase(async (skuId) => {
      const shop = openShop();
      await (await newBuyer()).buy(shop, skuId);
      return shop;
    });
    const limit = ['EVALSHA', 'INCR', 'EXPIRE', 'MGET', 'GET', 'EVALSHA', 'EVALSHA'];
    expect(asked).toEqual([limit, ['EVALSHA']]);
  });
});

describe('none is made', () => {
  it('for a poll of the line', async () => {
    const shop = openShop();
    const { skuId } = await putOnShelf(ONE_ENTERS);
    await (await newBuyer()).buy(shop, skuId);
    const { ticket } = await (await (await newBuyer()).buy(shop, skuId)).json<{ ticket: string }>();
    const asked = await askedDuring(shop, () => shop.fetch(`/api/seckill/queue/${ticket}`));
    expect(asked).toEqual([]);
  });

  it('for a forged ticket, a bad token or a malformed request', async () => {
    const shop = openShop();
    const { skuId } = await putOnShelf();
    const path = `/api/seckill/${skuId}`;
    const authorization = `Bearer ${await tokenOf(fresh('user'))}`;
    const headers = { authorization, 'content-type': 'application/json' };
    const statuses = [
      await shop.fetch('/api/seckill/queue/1.x.y'),
      await shop.fetch(path, { method: 'POST', headers: { authorization: 'Bearer x.y.z' } }),
      await shop.fetch(path, { method: 'POST', headers, body: '{' }),
      await shop.fetch('/api/seckill/no!sku', { method: 'POST', headers }),
    ].map(({ status }) => status);
    expect(statuses).toEqual([404, 401, 400, 404]);
    expect(withoutRefreshes(await shop.asked())).toEqual([]);
  });

  it('for a blocked address', async () => {
    const shop = openShop();
    const { skuId } = await putOnShelf();
    const buyer = await newBuyer(fresh('user'), freshAddress());
    const buyOnce = async () => {
      // All at once, for a slow machine gets no eleven of them through a second one by one.
      await Promise.all(Array.from({ length: 12 }, () => buyer.buy(shop, skuId)));
      let status = 0;
      const asked = await askedDuring(shop, async () => {
        status = (await buyer.buy(shop, skuId)).status;
      });
      return { status, asked };
    };
    const isBlocked = ({ status, asked }: { status: number; asked: string[][] }) =>
      status === 429 && asked.length === 0;
    // The first 429 of a window is Redis's; those behind it are this isolate's own.
    expect(await until(buyOnce, isBlocked)).toEqual({ status: 429, asked: [] });
  });

  it('for a repeated sold-out, and one for the first', async () => {
    const shop = openShop();
    const { skuId } = await putOnShelf({ status: { soldOut: true } });
    await (await newBuyer()).buy(shop, skuId);
    const buyer = await newBuyer();
    const first = await askedDuring(shop, () => buyer.buy(shop, skuId));
    expect(first).toHaveLength(1);
    expect(
      await askedDuring(shop, async () => {
        const answer = await buyer.buy(shop, skuId);
        expect(answer.status).toBe(409);
        expect(answer.headers.get('ratelimit')).toBe('"network";r=9;t=1');
      }),
    ).toEqual([]);
  });

  it('for a repeated challenge or refusal, and one for the first', async () => {
    const shop = openShop();
    const { skuId } = await putOnShelf({ status: { challengeAt: 40, denyAt: 80 } });
    await (await newBuyer()).buy(shop, skuId);
    for (const score of [undefined, 60, 99]) {
      const { userId, headers } = await newVisitor();
      const deviceToken = score === undefined ? '' : await deviceTokenOf(userId, { score });
      const signed = { ...headers, 'x-device-token': deviceToken };
      const ask = async () => {
        const init = { method: 'POST', headers: signed, body: '{}' };
        expect((await shop.fetch(`/api/seckill/${skuId}`, init)).status).toBe(403);
      };
      const first = await askedDuring(shop, ask);
      // Behind the answer, what was refused is kept for the operator.
      expect(first.filter((commands) => commands.join() !== 'SET,SET')).toHaveLength(1);
      expect(await askedDuring(shop, ask)).toEqual([]);
    }
  });

  it('for a sale that nobody knows, asked for again', async () => {
    const shop = openShop();
    const skuId = fresh('sku');
    const buyer = await newBuyer();
    // It is remembered for a second, in which a slow machine does not always ask again.
    const askAgain = async () => {
      await buyer.buy(shop, skuId);
      return askedDuring(shop, async () => {
        await buyer.buy(shop, skuId);
        await shop.fetch(`/api/sales/${skuId}`);
      });
    };
    expect(await until(askAgain, (asked) => asked.length === 0)).toEqual([]);
  });
});

it('a device that shows itself makes one', async () => {
  const shop = openShop({ PROOF_MAX_NUMBER: '200' });
  const visitor = await newVisitor();
  const proof = await solve(await challengeOf(shop, visitor));
  const asked = await askedDuring(shop, () => attest(shop, visitor, { proof }));
  expect(asked).toEqual([['EVAL', 'GET', 'EVAL', 'SET']]);
});
