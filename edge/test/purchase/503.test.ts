// POST /api/seckill/:skuId: what cannot be decided now.
import { describe, expect, it } from 'vitest';
import { edgeKeys } from '../../../shared/keys.ts';
import { play, problem, recordedOf } from '../origin-records.ts';
import { ONE_ENTERS, putOnShelf } from '../sale-on-shelf.ts';
import { newBuyer, openShop, redis } from '../shop.ts';

describe('paused', () => {
  it('by the clock: the place is kept', async () => {
    const shelf = await putOnShelf();
    await shelf.setSpeed(0);
    const answer = await (await newBuyer()).buy(openShop(), shelf.skuId);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('5');
    expect(await answer.json()).toMatchObject({
      type: '/problems/paused',
      ticket: expect.any(String),
      orderId: expect.stringContaining(shelf.skuId),
    });
  });

  it('by the document', async () => {
    const { skuId } = await putOnShelf({ status: { state: 'PAUSED' } });
    const answer = await (await newBuyer()).buy(openShop(), skuId);
    expect(await answer.json()).toMatchObject({ status: 503, type: '/problems/paused' });
  });

  it('by the kill switch, whatever the documents say', async () => {
    const shop = openShop({ SALES_CLOSED: 'true' });
    const open = openShop();
    const { skuId } = await putOnShelf(ONE_ENTERS);
    await (await newBuyer()).buy(open, skuId);
    const answer = await (await newBuyer()).buy(shop, skuId);
    expect(answer.headers.get('retry-after')).toBe('30');
    expect(await answer.json()).toMatchObject({ status: 503, type: '/problems/paused' });
    // What an isolate counted is told behind an answer, to an origin of the list.
    const asked = (await shop.asked()).filter((commands) => commands.join() !== 'GET');
    expect(asked).toEqual([]);
    const sale = await (await shop.fetch(`/api/sales/${skuId}`)).json();
    expect(sale).toMatchObject({ state: 'PAUSED', joinable: false });
    const { ticket } = await (await (await newBuyer()).buy(open, skuId)).json<{ ticket: string }>();
    const poll = await shop.fetch(`/api/seckill/queue/${ticket}`);
    expect(await poll.json()).toMatchObject({ state: 'QUEUED', estimatedWaitSeconds: null });
  });
});

describe('unavailable', () => {
  it('while the line has no clock', async () => {
    const { skuId } = await putOnShelf();
    await redis('DEL', edgeKeys.lineClock(skuId));
    const answer = await (await newBuyer()).buy(openShop(), skuId);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(await answer.json()).toMatchObject({ type: '/problems/unavailable' });
  });

  it('when the origin does not believe the edge, and the place is kept', async () => {
    const { skuId } = await putOnShelf();
    const buyer = await newBuyer();
    await play(buyer.userId, problem(401, { type: '/problems/edge-signature' }));
    const answer = await buyer.buy(openShop(), skuId);
    const [request] = await recordedOf(buyer.userId);
    expect(await answer.json()).toMatchObject({
      status: 503,
      type: '/problems/unavailable',
      ticket: expect.any(String),
      orderId: request?.claims.orderId,
    });
  });
});

it('what the origin cannot decide, with ticket and order id', async () => {
  const { skuId } = await putOnShelf();
  const buyer = await newBuyer();
  const fenced = problem(503, { type: '/problems/fenced' });
  await play(buyer.userId, { ...fenced, headers: { ...fenced.headers, 'retry-after': '7' } });
  const answer = await buyer.buy(openShop(), skuId);
  expect(answer.status).toBe(503);
  expect(answer.headers.get('retry-after')).toBe('7');
  const [request] = await recordedOf(buyer.userId);
  expect(await answer.json()).toMatchObject({
    type: '/problems/fenced',
    ticket: expect.any(String),
    orderId: request?.claims.orderId,
  });
});
