// POST /api/seckill/:skuId with a place in the line.
import { describe, expect, it } from 'vitest';
import { edgeKeys } from '../../../shared/keys.ts';
import { play, recordedOf } from '../origin-records.ts';
import { ONE_ENTERS, putOnShelf } from '../sale-on-shelf.ts';
import { newBuyer, openShop, redis } from '../shop.ts';

type Placed = {
  state: string;
  ticket: string;
  orderId: string;
  pollAfterSeconds: number;
  position?: number;
  waitRangeSeconds?: [number, number];
};

/** A sale whose only token of the moment has been taken. */
async function busySale() {
  const shop = openShop();
  const shelf = await putOnShelf(ONE_ENTERS);
  const first = await newBuyer();
  expect((await first.buy(shop, shelf.skuId)).status).toBe(201);
  return { shop, shelf, skuId: shelf.skuId };
}

describe('QUEUED', () => {
  it('tells position, wait and when to ask again', async () => {
    const { shop, skuId } = await busySale();
    for (const position of [1, 2, 3]) {
      const buyer = await newBuyer();
      const answer = await buyer.buy(shop, skuId);
      expect(answer.status).toBe(202);
      const placed = await answer.json<Placed>();
      expect(placed).toMatchObject({ state: 'QUEUED', position, chance: 1 });
      expect(placed.orderId.startsWith(`${skuId}-`)).toBe(true);
      expect(answer.headers.get('retry-after')).toBe(String(placed.pollAfterSeconds));
      const [low = 0, high = 0] = placed.waitRangeSeconds ?? [];
      expect(low).toBeLessThanOrEqual(position);
      expect(high).toBeGreaterThanOrEqual(position);
      expect(await recordedOf(buyer.userId)).toEqual([]);
    }
  });

  it('keeps place and order id however often and from wherever it is asked', async () => {
    const { shop, skuId } = await busySale();
    const buyer = await newBuyer();
    const one = await (await buyer.buy(shop, skuId)).json<Placed>();
    const two = await (await buyer.buy(openShop(), skuId)).json<Placed>();
    const three = await (await buyer.buy(shop, skuId, { ticket: one.ticket })).json<Placed>();
    expect([two.orderId, three.orderId]).toEqual([one.orderId, one.orderId]);
    expect(three).toMatchObject({ state: 'QUEUED', position: 1 });
  });

  it('finds the place again from the ticket when Redis has lost it', async () => {
    const { shop, skuId } = await busySale();
    const [ahead, buyer] = [await newBuyer(), await newBuyer()];
    await ahead.buy(shop, skuId);
    const { ticket, orderId } = await (await buyer.buy(shop, skuId)).json<Placed>();
    await redis('DEL', edgeKeys.place(skuId, buyer.userId));
    const kept = await (await buyer.buy(shop, skuId, { ticket })).json<Placed>();
    expect(kept.orderId).toBe(orderId);
  });
});

it('READY when the turn has come and the origin takes no more this moment', async () => {
  const shop = openShop();
  const { skuId } = await putOnShelf({ ratePerSecond: 1, capacity: 2 });
  const buyers = await Promise.all([newBuyer(), newBuyer()]);
  // Two turns have come at once, but the entry bucket lets one in.
  const answers = await Promise.all(buyers.map((buyer) => buyer.buy(shop, skuId)));
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 202]);
  const answer = answers.find(({ status }) => status === 202) ?? expect.fail('none is ready');
  const ready = await answer.json<Placed & { readyForSeconds: number }>();
  expect(ready.state).toBe('READY');
  expect(ready.readyForSeconds).toBeGreaterThanOrEqual(5);
  expect([1, 2, 3]).toContain(ready.pollAfterSeconds);
});

describe('CONFIRMING', () => {
  it.each([
    ['says so itself', { how: 'answer', status: 202, body: '{"state":"CONFIRMING"}' }],
    ['hangs up', { how: 'hang-up' }],
    ['fails without a word', { how: 'answer', status: 500, body: 'oops' }],
    ['answers what nobody can read', { how: 'answer', status: 201, body: '<html>' }],
    ['answers without end', { how: 'answer', status: 201, body: `"${'x'.repeat(300_000)}"` }],
    ['points elsewhere', { how: 'answer', status: 302, headers: { location: '/' } }],
    ['is silent', { how: 'silence' }],
  ] as const)('when the origin %s', async (_what, how) => {
    const shop = openShop();
    const { skuId } = await putOnShelf();
    const buyer = await newBuyer();
    await play(buyer.userId, how);
    const answer = await buyer.buy(shop, skuId);
    expect(answer.status).toBe(202);
    const [request] = await recordedOf(buyer.userId);
    expect(await answer.json()).toEqual({
      state: 'CONFIRMING',
      ticket: expect.any(String),
      orderId: request?.claims.orderId,
      pollAfterSeconds: 1,
    });
  });
});
