// GET /api/seckill/queue/:ticket
import { describe, expect, it } from 'vitest';
import { putOnShelf, type ShelfOptions } from './sale-on-shelf.ts';
import { fresh, openShop, ticketOf } from './shop.ts';

const ulid = '01ARZ3NDEKTSV4RRFFQ69G5FAV';

async function poll(options: ShelfOptions, { turn, until }: { turn: number; until: number }) {
  const { skuId, activityId } = await putOnShelf(options);
  const ticket = await ticketOf(fresh('user'), { skuId, activityId, ulid, turn, until });
  const answer = await openShop().fetch(`/api/seckill/queue/${ticket}`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  const body = await answer.json<Record<string, unknown>>();
  expect(body).toMatchObject({ ticket, orderId: `${skuId}-${ulid}` });
  expect(body.pollAfterSeconds).toBeGreaterThanOrEqual(1);
  return body;
}

describe('a ticket', () => {
  it('waits', async () => {
    expect(await poll({ ratePerSecond: 10 }, { turn: 60_000, until: 90_000 })).toMatchObject({
      state: 'QUEUED',
      position: expect.closeTo(600, -2),
      estimatedWaitSeconds: expect.closeTo(60, -1),
      waitRangeSeconds: [expect.any(Number), expect.any(Number)],
      chance: expect.closeTo(0, 1),
    });
  });

  it('is ready', async () => {
    const ready = await poll({}, { turn: 0, until: 30_000 });
    expect(ready).toMatchObject({ state: 'READY', readyForSeconds: expect.closeTo(29, -1) });
  });

  it('is expired', async () => {
    const clock = { virtualAt: 50_000, realAt: Date.now(), speed: 1, virtualUntil: 9e14 };
    const status = { clock: { ...clock, term: 1, version: 1 } };
    expect(await poll({ status }, { turn: 0, until: 30_000 })).toMatchObject({ state: 'EXPIRED' });
  });

  it.each([
    [{ soldOut: true }, 'SOLD_OUT'],
    [{ state: 'ENDED' }, 'ENDED'],
    [{ state: 'CLOSED' }, 'ENDED'],
    [{ activityId: 'another' }, 'ENDED'],
    [{ state: 'PAUSED' }, 'QUEUED'],
  ] as const)('of a sale that is %j is %s', async (status, state) => {
    expect(await poll({ status }, { turn: 0, until: 30_000 })).toMatchObject({ state });
  });

  it('of a sale that is gone is at its end', async () => {
    const place = { skuId: fresh('sku'), activityId: 'a', ulid, turn: 0, until: 1 };
    const answer = await openShop().fetch(`/api/seckill/queue/${await ticketOf('u', place)}`);
    expect(await answer.json()).toMatchObject({ state: 'ENDED' });
  });

  it.each(['x', '1.e30.AAAA', 'a'.repeat(2_000), '%00'])('is none of ours: %s', async (text) => {
    const answer = await openShop().fetch(`/api/seckill/queue/${text}`);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ type: '/problems/ticket-invalid' });
  });
});
