// The reserver by itself, on a real Redis: what goes into one call, and whom one bad answer concerns.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { inventoryKeys } from '../../../shared/keys.ts';
import { mintUlid } from '../../../shared/order-id.ts';
import { luaScript } from '../../redis/lua.ts';
import { createReserver, type Reserver } from '../../reserve/reserver.ts';
import { createSeenSequences } from '../../reserve/seen.ts';
import { buyFrom, FenceWorld } from '../fence/fence-world.ts';
import type { Sale } from './shop-front.ts';

let world: FenceWorld;
let sale: Sale;
let reserver: Reserver;
const sizes: number[] = [];
const errors: unknown[] = [];
beforeEach(async () => {
  sizes.length = 0;
  errors.length = 0;
  world = await FenceWorld.open();
  sale = await world.openSale({ stock: 100, capacity: 1, limitPerUser: 100 });
  reserver = createReserver({
    link: world.dependencies.link,
    registry: world.registry,
    script: luaScript('reserve'),
    seen: createSeenSequences(),
    userKey: (userId) => userId,
    onDistrust: () => undefined,
    onBatch: ({ size }) => sizes.push(size),
    onError: (error) => errors.push(error),
  });
});
afterEach(() => world.close());

it('asks once for all that arrived in one turn of the event loop', async () => {
  const outcomes = await Promise.all(
    ['ann', 'bob', 'cid'].map((id) => buyFrom(reserver, sale, id)),
  );
  expect(outcomes).toMatchObject([1, 2, 3].map((seq) => ({ kind: 'reserved', order: { seq } })));
  await buyFrom(reserver, sale, 'dan');
  expect(sizes).toEqual([3, 1]);
});

it('asks for 64 at most in one call, and for each activity apart', async () => {
  const other = await world.openSale({ stock: 10, capacity: 1, limitPerUser: 10 });
  const crowd = Array.from({ length: 70 }, () => buyFrom(reserver, sale, 'ann'));
  const few = Array.from({ length: 5 }, () => buyFrom(reserver, other, 'ann'));
  const outcomes = await Promise.all([...crowd, ...few]);
  expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['reserved']));
  expect(sizes.sort((a, b) => a - b)).toEqual([5, 6, 64]);
});

it('an order whose facts are lost is undecided, and nobody else in its batch is', async () => {
  const ulid = mintUlid(Date.now());
  await world.redis.client.set(inventoryKeys.orderStatus({ skuId: sale.skuId, ulid }), 'PENDING');
  const outcomes = await Promise.all([
    buyFrom(reserver, sale, 'ann', ulid),
    buyFrom(reserver, sale, 'bob'),
  ]);
  expect(outcomes).toMatchObject([{ kind: 'ambiguous' }, { kind: 'reserved' }]);
  expect(errors).toHaveLength(1);
});

it('is busy above 8,192 purchases without an answer, and not for long', async () => {
  const crowd = Array.from({ length: 8_193 }, () => buyFrom(reserver, sale, 'ann'));
  const kinds = (await Promise.all(crowd)).map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === 'busy')).toHaveLength(1);
  expect(kinds.filter((kind) => kind === 'reserved')).toHaveLength(100);
  expect(await buyFrom(reserver, sale, 'bob')).toMatchObject({ kind: 'sold-out' });
});

it('is away, and nothing else, while Redis is; what it was told then changes nothing', async () => {
  await world.redis.kill();
  await expect.poll(() => world.dependencies.link.runId('any')).toBeUndefined();
  const purchase = mintUlid(Date.now());
  expect(await buyFrom(reserver, sale, 'ann', purchase)).toEqual({ kind: 'away' });
  await world.redis.start();
  const key = inventoryKeys.orderStatus({ skuId: sale.skuId, ulid: purchase });
  expect(await world.redis.client.exists(key)).toBe(0);
});
