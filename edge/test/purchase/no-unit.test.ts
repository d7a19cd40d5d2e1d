// POST /api/seckill/:skuId while units can only return.
import { describe, expect, it } from 'vitest';
import { edgeKeys } from '../../../shared/keys.ts';
import { play, problem, recordedOf } from '../origin-records.ts';
import { ONE_ENTERS, putOnShelf } from '../sale-on-shelf.ts';
import { newBuyer, openShop, redis } from '../shop.ts';
import { until } from '../until.ts';

type Placed = { state: string; ticket: string; orderId: string; pollAfterSeconds: number };

const RETURN_AT = 1_900_000_000_000;
const GONE = {
  soldOut: true,
  unitsMayReturn: true,
  joinable: false,
  stockBand: 'none',
  held: 3,
  nextReturnAt: RETURN_AT,
} as const;
const soldOut = (unitsMayReturn: boolean) =>
  problem(409, { type: '/problems/sold-out', unitsMayReturn });

describe('who is called and finds no unit', () => {
  it('keeps place and order id, and waits for a return', async () => {
    const shop = openShop();
    const shelf = await putOnShelf();
    const buyer = await newBuyer();
    await play(buyer.userId, soldOut(true));
    const answer = await buyer.buy(shop, shelf.skuId);
    expect(answer.status).toBe(202);
    const placed = await answer.json<Placed>();
    expect(placed).toMatchObject({
      ...{ state: 'QUEUED', reason: 'waiting-for-return', position: 1 },
      ...{ estimatedWaitSeconds: null, waitRangeSeconds: null },
    });
    expect([1, 2, 3]).toContain(placed.pollAfterSeconds);
    await play(buyer.userId, { how: 'answer', status: 201, body: '{"state":"RESERVED"}' });
    const { ticket } = placed;
    const answered = await until(
      () => buyer.buy(shop, shelf.skuId, { ticket }),
      ({ status }) => status === 201,
    );
    expect(answered.status).toBe(201);
    const ids = (await recordedOf(buyer.userId)).map(({ claims }) => claims.orderId);
    expect(new Set(ids)).toEqual(new Set([placed.orderId]));
  });

  it('is told the end where none can return any more', async () => {
    const { skuId } = await putOnShelf();
    const buyer = await newBuyer();
    await play(buyer.userId, soldOut(false));
    const answer = await buyer.buy(openShop(), skuId);
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({
      type: '/problems/sold-out',
      unitsMayReturn: false,
    });
  });
});

describe('who waited for units that return too late', () => {
  it('is told the end as soon as the document knows it', async () => {
    const shop = openShop();
    const shelf = await putOnShelf();
    const buyer = await newBuyer();
    await play(buyer.userId, soldOut(true));
    const { ticket } = await (await buyer.buy(shop, shelf.skuId)).json<Placed>();
    await shelf.show({ soldOut: true, unitsMayReturn: false, stockBand: 'none', held: 3 });
    const answer = await until(
      () => buyer.buy(shop, shelf.skuId, { ticket }),
      ({ status }) => status === 409,
    );
    expect(await answer.json()).toMatchObject({
      ...{ type: '/problems/sold-out', unitsMayReturn: false },
    });
  });
});

describe('while units can only return', () => {
  it('who waits is told so, and when they may', async () => {
    const shop = openShop();
    const shelf = await putOnShelf(ONE_ENTERS);
    await (await newBuyer()).buy(shop, shelf.skuId);
    const waiting = await newBuyer();
    const { ticket } = await (await waiting.buy(shop, shelf.skuId)).json<Placed>();
    await shelf.show(GONE);
    const expected = {
      ...{ state: 'QUEUED', reason: 'waiting-for-return' },
      ...{ estimatedWaitSeconds: null, nextReturnAt: new Date(RETURN_AT).toISOString() },
    };
    const fresh = openShop();
    const poll = await fresh.fetch(`/api/seckill/queue/${ticket}`);
    expect(await poll.json()).toMatchObject(expected);
    await shelf.show({ soldOut: true });
    const stateOf = async () => {
      const again = await fresh.fetch(`/api/seckill/queue/${ticket}`);
      return (await again.json<Placed>()).state;
    };
    expect(await until(stateOf, (state) => state === 'SOLD_OUT')).toBe('SOLD_OUT');
  });

  it('newcomers are refused at no further cost, until the document says otherwise', async () => {
    const shop = openShop();
    const shelf = await putOnShelf({ status: GONE });
    await shop.fetch(`/api/sales/${shelf.skuId}`);
    const buyer = await newBuyer();
    for (const _ of [1, 2]) {
      const answer = await buyer.buy(shop, shelf.skuId);
      expect(answer.status).toBe(409);
      expect(await answer.json()).toMatchObject({
        ...{ type: '/problems/sold-out', unitsMayReturn: true },
      });
    }
    const asked = (await shop.asked()).filter((commands) => commands.join() !== 'GET');
    expect(asked).toHaveLength(1);
    expect(await redis('EXISTS', edgeKeys.place(shelf.skuId, buyer.userId))).toBe(0);
    await shelf.show({ joinable: true, soldOut: false });
    const answer = await until(
      () => buyer.buy(shop, shelf.skuId),
      ({ status }) => status === 201,
    );
    expect(answer.status).toBe(201);
  });

  it('who has a place goes on, by Redis or by the ticket where Redis has lost it', async () => {
    const shelf = await putOnShelf(ONE_ENTERS);
    const shop = openShop();
    await (await newBuyer()).buy(shop, shelf.skuId);
    const waiting = await newBuyer();
    const { ticket, orderId } = await (await waiting.buy(shop, shelf.skuId)).json<Placed>();
    await shelf.show(GONE);
    const kept = { state: 'QUEUED', orderId };
    const later = openShop();
    expect(await (await waiting.buy(later, shelf.skuId)).json()).toMatchObject(kept);
    await redis('DEL', edgeKeys.place(shelf.skuId, waiting.userId));
    const restored = await waiting.buy(later, shelf.skuId, { ticket });
    expect(await restored.json()).toMatchObject(kept);
  });

  it('a line that is full is not sold out', async () => {
    const { skuId } = await putOnShelf({ status: { joinable: false } });
    const answer = await (await newBuyer()).buy(openShop(), skuId);
    expect(answer.headers.get('retry-after')).toBe('5');
    expect(await answer.json()).toMatchObject({ status: 409, type: '/problems/line-full' });
  });
});
