import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stockKeys } from '../origin/inventory/stock-keys.ts';
import type { Redis } from '../origin/redis/client.ts';
import { inventoryKeys } from '../shared/keys.ts';
import { mintUlid } from '../shared/order-id.ts';
import { keysWithoutLifetime, newSku, openRedis } from './real-redis.ts';
import { load, reserve, type Sale } from './stock-under-test.ts';

let redis: Redis;
beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.disconnect());

const ulid = () => mintUlid(Date.now());
const newSale = (): Sale => ({ skuId: newSku(), activityId: ulid(), stock: 5, limit: 2, price: 7 });
const counters = ({ skuId }: Sale) => redis.mget(...stockKeys(skuId).slice(1, 4));

describe('load', () => {
  it('sets stock, sold and sequence, with a lifetime', async () => {
    const sale = newSale();
    expect(await load(redis, sale)).toBe('loaded');
    expect(await counters(sale)).toEqual(['5', '0', '0']);
    expect(await keysWithoutLifetime(redis, sale.skuId)).toEqual([]);
  });

  it('changes nothing when repeated, units sold in between included', async () => {
    const sale = newSale();
    await load(redis, sale);
    await reserve(redis, sale, [{ ulid: ulid(), user: 'u', quantity: 2 }]);
    expect(await load(redis, { ...sale, stock: 99 })).toBe('loaded');
    expect(await counters(sale)).toEqual(['3', '2', '1']);
  });

  it('touches nothing of another activity or another epoch', async () => {
    const sale = newSale();
    await load(redis, sale);
    expect(await load(redis, { ...sale, activityId: ulid() })).toBe('occupied');
    expect(await load(redis, sale, 2)).toBe('occupied');
    expect(await redis.hget(inventoryKeys.activity(sale.skuId), 'id')).toBe(sale.activityId);
    expect(await counters(sale)).toEqual(['5', '0', '0']);
  });

  it('loads nothing where any one key stands, for it may be what a failure left', async () => {
    for (const [index] of stockKeys('').entries()) {
      const sale = newSale();
      const left = stockKeys(sale.skuId)[index] ?? '';
      await redis.hset(left, 'left', 'over');
      expect(await load(redis, sale)).toBe('occupied');
      expect(await redis.exists(...stockKeys(sale.skuId))).toBe(1);
    }
  });

  it('does not load again where the stock of a loaded activity is missing', async () => {
    const sale = newSale();
    await load(redis, sale);
    await redis.del(inventoryKeys.stock(sale.skuId));
    expect(await load(redis, sale)).toBe('occupied');
  });
});
