// An isolate whose clock is half a minute off: Redis and the documents say what time it is.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { edgeKeys } from '../../shared/keys.ts';
import { createFactNames } from '../facts/fact-names.ts';
import { recordedOf } from './origin-records.ts';
import { putOnShelf } from './sale-on-shelf.ts';
import { newBuyer, openShop, redis, SECRETS } from './shop.ts';

type Placed = { state: string; ticket: string; estimatedWaitSeconds: number };

afterEach(() => {
  vi.useRealTimers();
});

describe.each([-30_000, 30_000])('with a clock %i ms off', (offMs) => {
  /** Everything in this isolate, and nothing in Redis. */
  function setClockOff(): void {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + offMs });
  }

  it('a sale that has just begun is open', async () => {
    const { skuId } = await putOnShelf({ startInMs: -100 });
    setClockOff();
    const [shop, buyer, next] = [openShop(), await newBuyer(), await newBuyer()];
    expect((await buyer.buy(shop, skuId)).status).toBe(201);
    expect((await recordedOf(buyer.userId)).at(-1)).toMatchObject({ isSigned: true });
    // An isolate that has been told the time dates its signatures by it.
    expect((await next.buy(shop, skuId)).status).toBe(201);
    expect(await recordedOf(next.userId)).toMatchObject([{ isSigned: true }]);
  });

  it('nobody comes before the start because the isolate’s clock does', async () => {
    const { skuId } = await putOnShelf({ startInMs: -5_000, ratePerSecond: 1, capacity: 1 });
    const { userId, buy } = await newBuyer();
    setClockOff();
    const shop = openShop();
    await shop.fetch(`/api/sales/${skuId}`);
    for (const _ of [1, 2, 3]) await buy(shop, skuId);
    const user = await createFactNames(SECRETS.DEVICE_SECRET).user(userId);
    const noted = String(await redis('GET', edgeKeys.cadence(skuId, user)));
    expect(noted).toMatch(/^3 0 /);
  });

  it('a sale that begins in a minute is not open, and says when by the right clock', async () => {
    const { skuId } = await putOnShelf({ startInMs: 60_000 });
    setClockOff();
    const answer = await (await newBuyer()).buy(openShop(), skuId);
    expect(answer.status).toBe(409);
    const refusal = await answer.json<{ opensAt: string; serverTime: string }>();
    const leadMs = Date.parse(refusal.opensAt) - Date.parse(refusal.serverTime);
    expect(Math.abs(leadMs - 60_000)).toBeLessThan(2_000);
  });

  it('a wait is as long as it is', async () => {
    const { skuId, activityId } = await putOnShelf({ ratePerSecond: 1, capacity: 1 });
    setClockOff();
    const shop = openShop();
    await (await newBuyer()).buy(shop, skuId);
    let last: Placed | undefined;
    for (let count = 0; count < 20; count += 1) {
      last = await (await (await newBuyer()).buy(shop, skuId)).json<Placed>();
    }
    expect(activityId).not.toBe('');
    expect(Math.abs((last?.estimatedWaitSeconds ?? 0) - 20)).toBeLessThanOrEqual(2);
    const poll = await shop.fetch(`/api/seckill/queue/${last?.ticket}`);
    const told = await poll.json<Placed>();
    expect(told.state).toBe('QUEUED');
    expect(Math.abs(told.estimatedWaitSeconds - 20)).toBeLessThanOrEqual(2);
  });
});
