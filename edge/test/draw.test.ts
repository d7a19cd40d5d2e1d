// People who come before the start: an entry each, and a turn that the draw gives.
import { describe, expect, it } from 'vitest';
import { edgeKeys } from '../../shared/keys.ts';
import { putOnShelf, type Shelf } from './sale-on-shelf.ts';
import { newBuyer, openShop, redis } from './shop.ts';
import { until } from './until.ts';

type Placed = {
  state: string;
  ticket: string;
  orderId: string;
  position?: number;
  pollAfterSeconds: number;
  entry?: { index: number; leaf: string; receipt: string };
};

const COMMITMENT = 'c0'.repeat(32);
const SEED = 'ab'.repeat(32);
const FIRST_CHAIN = 'cd'.repeat(20);
/** Long enough for six people to enter one after the other. */
const LEAD_MS = 3_000;

async function drawOf({
  startInMs,
  opensInMs = -1_000,
}: {
  startInMs: number;
  opensInMs?: number;
}) {
  const entryOpensAt = Date.now() + opensInMs;
  const draw = { commitment: COMMITMENT, entries: 0 };
  const shelf = await putOnShelf({
    ...{ startInMs, ratePerSecond: 1, capacity: 1 },
    status: { entryOpensAt, draw },
  });
  const facts = ['activityId', shelf.activityId, 'entryOpensAt', entryOpensAt, 'count', 0];
  const secret = ['chain', FIRST_CHAIN, 'seed', SEED, 'beacon', ''];
  await redis('HSET', edgeKeys.draw(shelf.skuId), ...facts, ...secret);
  return shelf;
}

/** What the leader publishes once the entries are closed. */
async function publish(shelf: Shelf): Promise<void> {
  const fields = await redis('HMGET', edgeKeys.draw(shelf.skuId), 'count', 'chain');
  const [count, chain] = Array.isArray(fields) ? fields.map(String) : [];
  const draw = { commitment: COMMITMENT, entries: Number(count), seed: SEED, chain: chain ?? '' };
  await shelf.show({ draw, state: 'RUNNING' });
}

describe('before the start', () => {
  it('each user gets one entry, with what proves it later', async () => {
    const shop = openShop();
    const { skuId } = await drawOf({ startInMs: 60_000 });
    for (const index of [0, 1, 2]) {
      const buyer = await newBuyer();
      const answer = await buyer.buy(shop, skuId);
      expect(answer.status).toBe(202);
      const placed = await answer.json<Placed>();
      expect(placed).toMatchObject({ state: 'PRE_QUEUE', entry: { index } });
      expect(placed.entry?.leaf).toMatch(/^[0-9a-f]{32}$/);
      expect(placed.entry?.receipt).toMatch(/^entry\.[\w-]+\.[\w-]{43}$/);
      const again = await (await buyer.buy(openShop(), skuId)).json<Placed>();
      expect(again.entry).toEqual(placed.entry);
      expect(again.orderId).toBe(placed.orderId);
      const poll = await shop.fetch(`/api/seckill/queue/${placed.ticket}`);
      expect(await poll.json()).toMatchObject({ state: 'PRE_QUEUE', orderId: placed.orderId });
    }
  });

  it('and before entries open the sale is not open, and says when', async () => {
    const { skuId } = await drawOf({ startInMs: 120_000, opensInMs: 60_000 });
    const answer = await (await newBuyer()).buy(openShop(), skuId);
    expect(answer.status).toBe(409);
    const refusal = await answer.json<{ opensAt: string; serverTime: string }>();
    const leadMs = Date.parse(refusal.opensAt) - Date.parse(refusal.serverTime);
    expect(leadMs).toBeGreaterThan(55_000);
    expect(leadMs).toBeLessThanOrEqual(60_000);
  });
});

it('after it a poll tells from the document alone the place that the script gives', async () => {
  const shop = openShop();
  const startAt = Date.now() + LEAD_MS;
  const shelf = await drawOf({ startInMs: LEAD_MS });
  const entrants = await Promise.all(Array.from({ length: 6 }, () => newBuyer()));
  const tickets: string[] = [];
  for (const entrant of entrants) {
    tickets.push((await (await entrant.buy(shop, shelf.skuId)).json<Placed>()).ticket);
  }
  await until(
    async () => Date.now(),
    (now) => now > startAt + 50,
  );
  // Whoever comes first closes the entries, and stands behind all of them.
  const placed = await (await (await newBuyer()).buy(shop, shelf.skuId)).json<Placed>();
  expect(placed.state).toBe('QUEUED');
  // The line moves by one a second.
  const passed = Math.floor((Date.now() - startAt) / 1_000);
  expect(placed.position).toBeLessThanOrEqual(6);
  expect(placed.position).toBeGreaterThanOrEqual(6 - passed);
  await publish(shelf);
  const turns = new Map<string, number | undefined>();
  const told = openShop();
  const polledAt = Date.now();
  for (const ticket of tickets) {
    const poll = await (await told.fetch(`/api/seckill/queue/${ticket}`)).json<Placed>();
    turns.set(ticket, poll.state === 'READY' ? 0 : poll.position);
  }
  expect(new Set(turns.values()).size).toBeGreaterThan(3);
  expect((await told.asked()).every((commands) => commands.join() === 'GET')).toBe(true);
  for (const [at, entrant] of entrants.entries()) {
    const ticket = tickets[at] ?? '';
    const answer = await entrant.buy(told, shelf.skuId, { ticket });
    const place = answer.status === 201 ? 0 : ((await answer.json<Placed>()).position ?? 0);
    const moved = 1 + Math.ceil((Date.now() - polledAt) / 1_000);
    expect(Math.abs(place - (turns.get(ticket) ?? Number.NaN))).toBeLessThanOrEqual(moved);
  }
});
