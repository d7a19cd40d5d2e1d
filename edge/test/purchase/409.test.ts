// POST /api/seckill/:skuId: what the sale or the line refuses.
import { describe, expect, it } from 'vitest';
import { play, problem, recordedOf } from '../origin-records.ts';
import { ONE_ENTERS, putOnShelf } from '../sale-on-shelf.ts';
import { newBuyer, openShop, ticketOf } from '../shop.ts';
import { until } from '../until.ts';

const ulid = '01ARZ3NDEKTSV4RRFFQ69G5FAV';

describe('not-open', () => {
  it('before the start, by the document', async () => {
    const { skuId } = await putOnShelf({ startInMs: 60_000 });
    const answer = await (await newBuyer()).buy(openShop(), skuId);
    expect(answer.status).toBe(409);
    const refusal = await answer.json<{ opensAt: string; serverTime: string }>();
    expect(refusal).toMatchObject({ type: '/problems/not-open' });
    const leadMs = Date.parse(refusal.opensAt) - Date.parse(refusal.serverTime);
    expect(leadMs).toBeGreaterThan(55_000);
    expect(leadMs).toBeLessThanOrEqual(60_000);
  });

  it('near the start, by the script, and open the moment that Redis says so', async () => {
    const shop = openShop();
    const { skuId } = await putOnShelf({ startInMs: 1_900 });
    const buyer = await newBuyer();
    const early = await buyer.buy(shop, skuId);
    expect(early.status).toBe(409);
    expect(await early.json()).toMatchObject({ type: '/problems/not-open' });
    // The list of origins is read anew beside it.
    const asked = (await shop.asked()).filter((commands) => commands.join() !== 'GET');
    expect(asked.at(-1)).toEqual(['EVAL']);
    // The document still says LOADED; the script opens by its own clock.
    const statusOf = async () => (await (await newBuyer()).buy(shop, skuId)).status;
    expect(await until(statusOf, (status) => status === 201)).toBe(201);
  });
});

describe('ended', () => {
  it('by the script, while the document is late', async () => {
    const { skuId } = await putOnShelf({ endInMs: -1 });
    const answer = await (await newBuyer()).buy(openShop(), skuId);
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({ type: '/problems/ended' });
  });

  it.each(['ENDED', 'CLOSED'] as const)('by the document in state %s', async (state) => {
    const { skuId } = await putOnShelf({ status: { state } });
    const answer = await (await newBuyer()).buy(openShop(), skuId);
    expect(await answer.json()).toMatchObject({ status: 409, type: '/problems/ended' });
  });
});

describe('sold-out', () => {
  it('tells whether units may return', async () => {
    for (const unitsMayReturn of [true, false]) {
      const { skuId } = await putOnShelf({ status: { soldOut: true, unitsMayReturn } });
      const answer = await (await newBuyer()).buy(openShop(), skuId);
      expect(answer.status).toBe(409);
      expect(await answer.json()).toMatchObject({ type: '/problems/sold-out', unitsMayReturn });
    }
  });

  it.each([{ soldOut: true }, { state: 'ENDED' }, { state: 'PAUSED' }] as const)(
    'and the like is no answer to somebody whose order may exist: %j',
    async (change) => {
      const shelf = await putOnShelf();
      const buyer = await newBuyer();
      await buyer.buy(openShop(), shelf.skuId);
      await shelf.show(change);
      const shop = openShop();
      const answer = await until(
        () => buyer.buy(shop, shelf.skuId),
        ({ status }) => status === 201,
      );
      expect(answer.status).toBe(201);
      const ids = (await recordedOf(buyer.userId)).map(({ claims }) => claims.orderId);
      expect(ids).toHaveLength(2);
      expect(ids[0]).toBe(ids[1]);
    },
  );

  it('is forgotten when units return', async () => {
    const shop = openShop();
    const shelf = await putOnShelf({ status: { soldOut: true } });
    const buyer = await newBuyer();
    expect((await buyer.buy(shop, shelf.skuId)).status).toBe(409);
    await shelf.show({ soldOut: false });
    const answer = await until(
      () => buyer.buy(shop, shelf.skuId),
      ({ status }) => status === 201,
    );
    expect(answer.status).toBe(201);
  });
});

it('line-full, and it is not final', async () => {
  const shop = openShop();
  const { skuId } = await putOnShelf({ ...ONE_ENTERS, queueLimit: 1 });
  const answers = [];
  for (const _ of [1, 2, 3]) answers.push(await (await newBuyer()).buy(shop, skuId));
  expect(answers.map(({ status }) => status)).toEqual([201, 202, 409]);
  expect(answers[2]?.headers.get('retry-after')).toBe('5');
  expect(await answers[2]?.json()).toMatchObject({ type: '/problems/line-full' });
});

describe('ticket-invalid', () => {
  it.each([
    ['forged', async () => '1.e30.AAAA'],
    ['of another user', (p: Place) => ticketOf('somebody-else', p)],
    ['of another activity', (p: Place, user: string) => ticketOf(user, { ...p, activityId: 'b' })],
    ['of another item', (p: Place, user: string) => ticketOf(user, { ...p, skuId: 'other' })],
  ])('for a ticket that is %s', async (_what, make) => {
    const { skuId, activityId } = await putOnShelf();
    const buyer = await newBuyer();
    const ticket = await make({ skuId, activityId, ulid, turn: 0, until: 30_000 }, buyer.userId);
    const answer = await buyer.buy(openShop(), skuId, { ticket });
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({ type: '/problems/ticket-invalid' });
    expect(await recordedOf(buyer.userId)).toEqual([]);
  });
});

it('whatever the origin refuses, with its members and this request’s id', async () => {
  const { skuId } = await putOnShelf();
  const buyer = await newBuyer();
  const members = { type: '/problems/limit-reached', limit: 1, orders: ['a'] };
  await play(buyer.userId, problem(409, members));
  const answer = await buyer.buy(openShop(), skuId);
  expect(answer.status).toBe(409);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(await answer.json()).toEqual({
    ...members,
    status: 409,
    title: 'x',
    detail: 'x',
    instance: answer.headers.get('x-request-id'),
  });
});

interface Place {
  readonly skuId: string;
  readonly activityId: string;
  readonly ulid: string;
  readonly turn: number;
  readonly until: number;
}
