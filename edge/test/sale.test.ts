// GET /api/sales/:skuId, and how old its answers may be.
import { describe, expect, it } from 'vitest';
import { putOnShelf } from './sale-on-shelf.ts';
import { openShop } from './shop.ts';
import { until } from './until.ts';

describe('a sale', () => {
  it('is shown to everybody as the contract says', async () => {
    const { skuId, activityId } = await putOnShelf();
    const answer = await openShop().fetch(`/api/sales/${skuId}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('public, max-age=1');
    const sale = await answer.json<Record<string, unknown>>();
    expect(sale).toMatchObject({ skuId, activityId, state: 'RUNNING', stockBand: 'some' });
    expect(Math.abs(Date.parse(String(sale.serverTime)) - Date.now())).toBeLessThan(2_000);
    for (const secret of ['ratePerSecond', 'windowMs', 'challengeAt', 'denyAt', 'version']) {
      expect(sale).not.toHaveProperty(secret);
    }
  });

  it('shows a change within two seconds', async () => {
    const shop = openShop();
    const shelf = await putOnShelf();
    const isSoldOut = async () =>
      (await (await shop.fetch(`/api/sales/${shelf.skuId}`)).json<{ soldOut: boolean }>()).soldOut;
    expect(await isSoldOut()).toBe(false);
    await shelf.show({ soldOut: true });
    expect(await until(isSoldOut, (soldOut) => soldOut, 2_000)).toBe(true);
  });

  it('never goes back to an older document', async () => {
    const shop = openShop();
    const shelf = await putOnShelf();
    await shop.fetch(`/api/sales/${shelf.skuId}`);
    await shelf.show({ version: 0, soldOut: true });
    const before = (await shop.asked()).length;
    const isRefreshed = async () => {
      await shop.fetch(`/api/sales/${shelf.skuId}`);
      return (await shop.asked()).length > before;
    };
    expect(await until(isRefreshed, (refreshed) => refreshed)).toBe(true);
    const answer = await shop.fetch(`/api/sales/${shelf.skuId}`);
    expect(await answer.json()).toMatchObject({ soldOut: false });
  });

  it.each(['nobody_knows', 'x'.repeat(33), '%7B%7D'])('is unknown: %s', async (skuId) => {
    const answer = await openShop().fetch(`/api/sales/${skuId}`);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ type: '/problems/unknown-sku' });
  });

  it('is shown to a crowd behind one address', async () => {
    const shop = openShop();
    const { skuId } = await putOnShelf();
    const init = { headers: { 'cf-connecting-ip': '192.0.2.1' } };
    const statuses = new Set<number>();
    for (let sent = 0; sent < 450; sent += 1) {
      statuses.add((await shop.fetch(`/api/sales/${skuId}`, init)).status);
    }
    expect(statuses).toEqual(new Set([200]));
  });
});
