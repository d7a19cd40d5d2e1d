// What an isolate tells the origin of itself.
import { expect, it } from 'vitest';
import { EDGE_EVENTS_PATH } from '../../shared/edge-events.ts';
import { recordedOf } from './origin-records.ts';
import { putOnShelf } from './sale-on-shelf.ts';
import { fresh, newBuyer, openShop } from './shop.ts';
import { until } from './until.ts';

it('counts of the funnel reach the origin, signed, behind an answer', async () => {
  const shop = openShop();
  const { skuId } = await putOnShelf();
  const buyer = await newBuyer(fresh('u'));
  await buyer.buy(shop, skuId);
  const told = await until(
    async () => {
      await shop.fetch(`/api/sales/${skuId}`);
      const reports = (await recordedOf('')).filter(({ path }) => path === EDGE_EVENTS_PATH);
      return reports.map(({ body }) => JSON.parse(body).counts);
    },
    (counts) => counts.some(({ l3 = 0 }) => l3 > 0),
  );
  const counts = told.find(({ l3 = 0 }) => l3 > 0);
  expect(counts).toMatchObject({ requests: 1, l1: 1, l2: 1, l3: 1 });
});
