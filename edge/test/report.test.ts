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
  // Other isolates report as well: by the id of the call behind whose answer it was sent.
  const own = new Set<unknown>();
  const told = await until(
    async () => {
      const answer = await shop.fetch(`/api/sales/${skuId}`);
      own.add(answer.headers.get('x-request-id'));
      const reports = await recordedOf(EDGE_EVENTS_PATH);
      return reports.filter(({ headers }) => own.has(headers['x-request-id']));
    },
    (reports) => reports.length > 0,
  );
  expect(told.map(({ body }) => JSON.parse(body).counts)).toMatchObject([
    { requests: 1, l1: 1, l2: 1, l3: 1 },
  ]);
});
