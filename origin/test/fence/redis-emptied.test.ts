// A Redis that has lost everything is filled again from the database.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EmbeddedOrigin, startEmbeddedOrigin } from '../reserve/embedded-origin.ts';
import { buy, openSale, untilDecided } from '../reserve/shop-front.ts';
import { audit, untilRecorded } from './audit.ts';
import { type BreakableRedis, startBreakableRedis } from './breakable-redis.ts';
import { people, startRush } from './rush.ts';

let redis: BreakableRedis;
let origin: EmbeddedOrigin;
beforeEach(async () => {
  redis = await startBreakableRedis();
  origin = await startEmbeddedOrigin(redis);
});
afterEach(async () => {
  await origin.close();
  await redis.close();
});

const WAYS: [string, () => Promise<unknown>][] = [
  ['flushed while it runs', () => redis.client.flushall()],
  [
    'started on an empty disk',
    async () => {
      await redis.kill();
      redis.forget();
      await redis.start();
    },
  ],
];

describe.each(WAYS)('a Redis %s', (_how, empty) => {
  it('sells the rest and not a unit more, to nobody above the limit', async () => {
    const stock = 30;
    const sale = { ...(await openSale(origin.url, { stock, limitPerUser: 2 })), stock };
    const first = startRush(origin.url, sale, { people: people(9), quantity: 2 });
    await first.over;
    await untilRecorded(origin, first.bought);
    await empty();
    const above = startRush(origin.url, sale, { people: people(9) });
    await above.over;
    expect(above.refused).toEqual(Array(9).fill('/problems/limit-reached'));
    const rest = startRush(origin.url, sale, { people: people(40, 'new') });
    await rest.over;
    expect(rest.bought).toHaveLength(12);
    await audit(origin, sale, { bought: [...first.bought, ...rest.bought], redis: redis.client });
  });

  it('emptied in the middle of a rush may lose the last answers, and nothing else', async () => {
    const stock = 60;
    const sale = { ...(await openSale(origin.url, { stock })), stock };
    const rush = startRush(origin.url, sale, { people: people(100) });
    await expect
      .poll(() => rush.bought.length, { timeout: 10_000, interval: 1 })
      .toBeGreaterThan(9);
    await empty();
    await rush.over;
    // On a slow machine the rush may be over before anybody has seen that Redis is empty.
    await untilDecided(origin.url, sale);
    // Whoever shows an order id again that was lost is sold a unit under it, if one is left.
    for (const { purchase } of rush.bought) {
      const again = await buy(origin.url, sale, purchase);
      expect([201, 409]).toContain(again.status);
    }
    const answered = await Promise.all(
      rush.bought.map(async (bought) => {
        const { status, body } = await buy(origin.url, sale, bought.purchase);
        return status === 201 ? [{ ...bought, body }] : [];
      }),
    );
    expect(answered.flat()).toHaveLength(stock);
    await audit(origin, sale, { bought: answered.flat(), redis: redis.client });
  });
});
