// Scripts that change an activity as a whole: terms, closing, sweep, a draw taken back.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasEntered } from '../edge/admit/place.ts';
import { stockKeys } from '../origin/inventory/stock-keys.ts';
import type { Redis } from '../origin/redis/client.ts';
import { luaScript } from '../origin/redis/lua.ts';
import { edgeKeys, inventoryKeys } from '../shared/keys.ts';
import { mintUlid } from '../shared/order-id.ts';
import { admit, setClock } from './line-under-test.ts';
import { placeText, waitingPlaceText } from './place-text.ts';
import { keysWithoutLifetime, newSku, openRedis, RATHER_LONG_MS } from './real-redis.ts';
import { load, reserve, type Sale } from './stock-under-test.ts';

let redis: Redis;
beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.disconnect());

const ulid = () => mintUlid(Date.now());

async function loaded(): Promise<Sale> {
  const sale = { skuId: newSku(), activityId: ulid(), stock: 5, limit: 2, price: 7 };
  await load(redis, sale);
  return sale;
}

const everything = async ({ skuId }: Pick<Sale, 'skuId'>) => ({
  facts: await redis.hgetall(inventoryKeys.activity(skuId)),
  keys: (await redis.keys(`*{${skuId}}*`)).toSorted(),
});

describe('revise', () => {
  const script = luaScript('revise');
  const keysOf = ({ skuId }: Sale): string[] => {
    const [activity, stock, sold, seq, , pending, orders, lapsed] = stockKeys(skuId);
    return [activity, stock, sold, seq, pending, orders, lapsed].map(String);
  };
  const end = Date.now() + 2 * RATHER_LONG_MS;
  const lifetime = end + RATHER_LONG_MS;
  const revise = (
    sale: Sale,
    { version = 2, epoch = 1, activityId = sale.activityId } = {},
  ): Promise<unknown> =>
    script.run(redis, keysOf(sale), [
      ...[activityId, epoch, version, 1_000, end, 3, 8, 'EUR', 60_000, lifetime, 1],
    ]);

  it('writes terms, keeps stock, and lets the keys live as long', async () => {
    const sale = await loaded();
    await reserve(redis, sale, [{ ulid: ulid(), user: 'u', quantity: 1 }]);
    const lapsed = inventoryKeys.lapsed(sale.skuId);
    await redis.hset(lapsed, 'v', 1);
    await redis.pexpire(lapsed, RATHER_LONG_MS);
    expect(await revise(sale)).toBe('revised');
    expect(await revise(sale)).toBe('revised');
    const { facts } = await everything(sale);
    expect(facts).toMatchObject({
      ...{ version: '2', startAt: '1000', endAt: String(end), limit: '3', price: '8' },
      ...{ currency: 'EUR', paymentWindow: '60000', lifetime: String(lifetime), paused: '1' },
      ...{ total: '5', fence: '' },
    });
    for (const key of keysOf(sale)) expect(await redis.pexpiretime(key)).toBe(lifetime);
    expect(await redis.mget(stockKeys(sale.skuId).slice(1, 4))).toEqual(['4', '1', '1']);
  });

  const closeFence = async ({ skuId }: Sale): Promise<void> => {
    await redis.hset(inventoryKeys.activity(skuId), 'fence', 'x');
  };
  const reviseOnce = async (sale: Sale): Promise<void> => {
    expect(await revise(sale)).toBe('revised');
  };
  const nothing = async (): Promise<void> => undefined;
  type Case = [string, Parameters<typeof revise>[1], (sale: Sale) => Promise<void>];

  it.each<Case>([
    ['older', { version: 1 }, reviseOnce],
    ['not_loaded', { activityId: ulid() }, nothing],
    ['fenced', { epoch: 2 }, nothing],
    ['fenced', {}, closeFence],
  ])('answers %s to %j and changes nothing', async (answer, changes, prepare) => {
    const sale = await loaded();
    await prepare(sale);
    const before = await everything(sale);
    expect(await revise(sale, changes)).toBe(answer);
    expect(await everything(sale)).toEqual(before);
  });

  it('makes no key where nothing is loaded', async () => {
    const sale = { skuId: newSku(), activityId: ulid(), stock: 5, limit: 2, price: 7 };
    expect(await revise(sale)).toBe('not_loaded');
    expect((await everything(sale)).keys).toEqual([]);
  });
});

describe('begin-closing and reopen', () => {
  const begin = luaScript('begin-closing');
  const close = (sale: Sale, { seq = 0, epoch = 1, activityId = sale.activityId } = {}) =>
    begin.run(redis, stockKeys(sale.skuId).slice(0, 6), [activityId, epoch, seq]);

  it('fences an idle activity, again and again, and opens it again', async () => {
    const sale = await loaded();
    const before = await everything(sale);
    expect(await close(sale)).toBe('closing');
    expect(await close(sale)).toBe('closing');
    const answer = await reserve(redis, sale, [{ ulid: ulid(), user: 'u', quantity: 1 }]);
    expect(answer.answers).toEqual(['fenced closed']);
    const reopen = luaScript('reopen');
    const keys = [inventoryKeys.activity(sale.skuId)];
    expect(await reopen.run(redis, keys, [ulid()])).toBe('other');
    expect(await reopen.run(redis, keys, [sale.activityId])).toBe('open');
    expect(await reopen.run(redis, keys, [sale.activityId])).toBe('other');
    expect(await everything(sale)).toEqual(before);
  });

  it('waits for outbox, payments and numbers, in this order, and for an open fence', async () => {
    const sale = await loaded();
    const order = ulid();
    await reserve(redis, sale, [{ ulid: order, user: 'u', quantity: 1 }]);
    expect(await close(sale)).toBe('busy outbox');
    await redis.del(inventoryKeys.outbox(sale.skuId));
    expect(await close(sale)).toBe('busy pending');
    await redis.zrem(inventoryKeys.pending(sale.skuId), '1-1');
    expect(await close(sale)).toBe('busy lag');
    expect(await close(sale, { seq: 1, epoch: 2 })).toBe('fenced stale');
    expect(await close(sale, { seq: 1, activityId: ulid() })).toBe('not_loaded');
    await redis.hset(inventoryKeys.activity(sale.skuId), 'fence', 'another mark');
    expect(await close(sale, { seq: 1 })).toBe('fenced closed');
    await redis.hset(inventoryKeys.activity(sale.skuId), 'fence', '');
    expect(await close(sale, { seq: 1 })).toBe('closing');
    expect(await keysWithoutLifetime(redis, sale.skuId)).not.toContain(
      inventoryKeys.activity(sale.skuId),
    );
  });
});

describe('sweep', () => {
  const script = luaScript('sweep');

  it('removes what is named, unless another activity stands there', async () => {
    const sale = await loaded();
    const keys = stockKeys(sale.skuId);
    const sweep = (activityId: string) =>
      script.run(redis, [inventoryKeys.activity(sale.skuId), ...keys], [activityId, 'id']);
    const before = await everything(sale);
    expect(await sweep(ulid())).toBe('superseded');
    expect(await everything(sale)).toEqual(before);
    expect(await sweep(sale.activityId)).toBe('swept');
    expect((await everything(sale)).keys).toEqual([]);
    expect(await sweep(sale.activityId)).toBe('swept');
  });

  it('keeps of a place that entered what its order is found by, for a time', async () => {
    const line = { skuId: newSku(), activityId: ulid() };
    const nameOf = (user: string): string => edgeKeys.place(line.skuId, user);
    const [bought, later, waiting] = [ulid(), ulid(), ulid()];
    const stored = { ulid: bought, turn: 1, until: 2, enteredAt: 3 };
    await redis.mset({
      [nameOf('ann')]: placeText(line.activityId, stored),
      [nameOf('bob')]: waitingPlaceText(line.activityId, { ulid: later, turn: 4, follows: bought }),
      [nameOf('cem')]: waitingPlaceText(line.activityId, { ulid: waiting, turn: 5 }),
    });
    const places = ['ann', 'bob', 'cem', 'dan'].map(nameOf);
    const sweep = (): Promise<unknown> =>
      script.run(
        redis,
        [edgeKeys.lineClock(line.skuId), ...places],
        [line.activityId, 'activityId', 60_000],
      );
    expect([await sweep(), await sweep()]).toEqual(['swept', 'swept']);
    const kept = await redis.mget(places);
    expect(kept.map((text) => hasEntered(text, line.activityId))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(kept.slice(2)).toEqual([null, null]);
    expect(await redis.pttl(nameOf('bob'))).toBeGreaterThan(0);

    const knock = (userKey: string, activityId = line.activityId): Promise<unknown[]> =>
      admit(redis, { ...line, activityId }, { userKey, freshUlid: ulid() });
    expect(await knock('ann')).toEqual(['enter', bought, 0, 0, 0, 1, 0, '', -1]);
    expect(await knock('bob')).toEqual(['enter', later, 0, 0, 0, 1, 0, bought, -1]);
    expect(await knock('cem')).toEqual(['no_line']);
    const further = { userKey: 'ann', freshUlid: ulid(), follows: bought };
    expect(await admit(redis, line, further)).toEqual(['ended']);
    // To the next activity of the item it is no place, whatever its signs.
    const next = { ...line, activityId: ulid().slice(0, 23) + line.activityId.slice(-3) };
    expect(hasEntered(kept[0] ?? null, next.activityId)).toBe(false);
    expect(await knock('ann', next.activityId)).toEqual(['no_line']);
    const terms = { rate: 1_000, capacity: 10, windowMs: 9_000, queueLimit: 10 };
    await setClock(redis, { ...next, terms });
    const fresh = ulid();
    const [word, own] = await admit(redis, next, { userKey: 'ann', freshUlid: fresh });
    expect([word, own]).toEqual(['enter', fresh]);
    expect(await redis.pttl(nameOf('ann'))).toBe(-1);
  });
});

describe('withhold-draw', () => {
  const script = luaScript('withhold-draw');

  it('takes back a draw that nobody has entered, and no other', async () => {
    const key = edgeKeys.draw(newSku());
    const withhold = () => script.run(redis, [key], ['mine']);
    expect(await withhold()).toBe('withheld');
    await redis.hset(key, { activityId: 'mine', count: '1' });
    expect(await withhold()).toBe('entered');
    await redis.hset(key, { count: '0', key: 'closed' });
    expect(await withhold()).toBe('entered');
    await redis.hdel(key, 'key');
    expect(await withhold()).toBe('withheld');
    expect(await redis.exists(key)).toBe(0);
    await redis.hset(key, { activityId: 'another', count: '0' });
    expect(await withhold()).toBe('withheld');
    expect(await redis.exists(key)).toBe(1);
    await redis.del(key);
  });
});
