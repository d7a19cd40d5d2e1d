// Who asks often gets no more, and costs hardly more.
import { expect, it } from 'vitest';
import { edgeKeys } from '../../shared/keys.ts';
import { play, recordedOf } from './origin-records.ts';
import { ONE_ENTERS, putOnShelf } from './sale-on-shelf.ts';
import { fresh, freshAddress, newBuyer, openShop, redis, ticketOf } from './shop.ts';

const AT_ONCE = 20;

type Placed = { state: string; ticket: string; orderId: string; position: number };

it('a ticket posted a thousand times is forwarded once a second at most', async () => {
  const shop = openShop();
  const { skuId } = await putOnShelf({ ratePerSecond: 1_000, capacity: 100 });
  const userId = fresh('user');
  await play(userId, { how: 'answer', status: 202, body: '{}' });
  // From many networks, so that the limit of one, ten in a second, holds none of them back.
  const tabs = await Promise.all(
    Array.from({ length: 200 }, () => newBuyer(userId, freshAddress())),
  );
  const from = Date.now();
  const { ticket } = (await (await tabs[0]?.buy(shop, skuId))?.json<Placed>()) ?? { ticket: '' };
  const statuses = new Set<number>();
  // Few at once: what is late by its deadline is 503.
  for (let post = 0; post < 1_000; post += AT_ONCE) {
    const some = tabs.slice(post % tabs.length).slice(0, AT_ONCE);
    const answers = await Promise.all(some.map((tab) => tab.buy(shop, skuId, { ticket })));
    for (const { status } of answers) statuses.add(status);
  }
  statuses.delete(503);
  expect(statuses).toEqual(new Set([202]));
  const seconds = (Date.now() - from) / 1_000;
  const forwarded = await recordedOf(userId);
  expect(forwarded.length).toBeLessThanOrEqual(2 + Math.floor(seconds));
  expect(new Set(forwarded.map(({ claims }) => claims.orderId)).size).toBe(1);
});

it('ten tabs hold one place', async () => {
  const shop = openShop();
  const { skuId } = await putOnShelf(ONE_ENTERS);
  await (await newBuyer()).buy(shop, skuId);
  const userId = fresh('user');
  const tabs = await Promise.all(Array.from({ length: 10 }, () => newBuyer(userId)));
  const answers = await Promise.all(tabs.map((tab) => tab.buy(shop, skuId)));
  const places = await Promise.all(answers.map((answer) => answer.json<Placed>()));
  expect(new Set(places.map(({ orderId }) => orderId)).size).toBe(1);
  const next = await (await (await newBuyer()).buy(shop, skuId)).json<Placed>();
  expect(next.position).toBe(2);
});

it('a Redis that lost the line gives places back from tickets, in the old order', async () => {
  const shop = openShop();
  const shelf = await putOnShelf(ONE_ENTERS);
  await (await newBuyer()).buy(shop, shelf.skuId);
  const waiting = [];
  for (const _ of [1, 2, 3, 4]) {
    const buyer = await newBuyer();
    const placed = await (await buyer.buy(shop, shelf.skuId)).json<Placed>();
    waiting.push({ buyer, ...placed });
  }
  const keys = waiting.map(({ buyer }) => edgeKeys.place(shelf.skuId, buyer.userId));
  await redis('DEL', ...keys, edgeKeys.tokenBucket(shelf.skuId), edgeKeys.entryBucket(shelf.skuId));
  // The leader restores the bucket behind the highest turn given out.
  await shelf.setSpeed(ONE_ENTERS.speed);
  // They come back in another order than they stood in.
  const order: { orderId: string; position: number }[] = [];
  for (const { buyer, ticket, orderId } of [...waiting].reverse()) {
    const restored = await (await buyer.buy(shop, shelf.skuId, { ticket })).json<Placed>();
    expect(restored.orderId).toBe(orderId);
    order.push(restored);
  }
  const again = order.sort((a, b) => a.position - b.position).map(({ orderId }) => orderId);
  expect(again).toEqual(waiting.map(({ orderId }) => orderId));
});

it('ten thousand polls ask Redis for the document alone, once a second', async () => {
  const shop = openShop();
  const { skuId, activityId } = await putOnShelf({ ratePerSecond: 10 });
  const ulid = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
  const tickets = await Promise.all(
    Array.from({ length: 100 }, (_, index) => {
      const turn = 60_000 + 100 * index;
      return ticketOf(fresh('user'), {
        ...{ skuId, activityId, ulid, turn },
        ...{ until: turn + 30_000, entry: null },
      });
    }),
  );
  const from = Date.now();
  for (let round = 0; round < 100; round += 1) {
    const polls = await Promise.all(
      tickets.map((ticket) => shop.fetch(`/api/seckill/queue/${ticket}`)),
    );
    expect(polls.every(({ status }) => status === 200)).toBe(true);
    await Promise.all(polls.map((poll) => poll.body?.cancel()));
  }
  const seconds = (Date.now() - from) / 1_000;
  const asked = await shop.asked();
  expect(asked.every((commands) => commands.join() === 'GET')).toBe(true);
  // Half a second old it is refreshed behind an answer.
  expect(asked.length).toBeLessThanOrEqual(2 + Math.ceil(2 * seconds));
}, 60_000);

it('a thousand repeated sold-out answers ask Redis for nothing but the document', async () => {
  const shop = openShop();
  const { skuId } = await putOnShelf({ status: { soldOut: true } });
  await shop.fetch(`/api/sales/${skuId}`);
  const buyers = await Promise.all(Array.from({ length: 200 }, () => newBuyer()));
  for (const buyer of buyers) await buyer.buy(shop, skuId);
  const before = (await shop.asked()).length;
  for (let round = 0; round < 5; round += 1) {
    const answers = await Promise.all(buyers.map((buyer) => buyer.buy(shop, skuId)));
    expect(answers.every(({ status }) => status === 409)).toBe(true);
  }
  const asked = (await shop.asked()).slice(before);
  expect(asked.filter((commands) => commands.join() !== 'GET')).toEqual([]);
});
