// Where the outbox refuses an event (an operator's hand has put a higher id there), a script fails in
// the middle: nothing must have happened by then, whatever it was about to do.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { inventoryKeys } from '../../../shared/keys.ts';
import { mintUlid } from '../../../shared/order-id.ts';
import type { Inventory, OrderRef } from '../../inventory/inventory.ts';
import { FenceWorld } from '../fence/fence-world.ts';
import type { Sale } from '../reserve/shop-front.ts';

let world: FenceWorld;
let sale: Sale;
let pending: OrderRef;
let paid: OrderRef;
beforeAll(async () => {
  world = await FenceWorld.open();
  sale = await world.openSale({ stock: 4, capacity: 1, limitPerUser: 2 });
  [pending, paid] = [await buy('ann'), await buy('bob')];
  expect(await world.selling.inventory.settle(paid)).toMatchObject({ kind: 'settled' });
  await world.redis.client.xadd(inventoryKeys.outbox(sale.skuId), '*', 'note', 'by hand');
});
afterAll(() => world.close());

async function buy(userId: string): Promise<OrderRef> {
  const ulid = mintUlid(Date.now());
  expect(await world.buy(sale, userId, ulid)).toMatchObject({ kind: 'reserved' });
  return { activityId: sale.activityId, orderId: `${sale.skuId}-${ulid}` };
}

/** Everything that Redis holds of the sale. */
async function holdings(): Promise<Map<string, string>> {
  const { client } = world.redis;
  const keys = (await client.keys(`*{${sale.skuId}}*`)).toSorted();
  const dumps = await Promise.all(keys.map((key) => client.dumpBuffer(key)));
  return new Map(keys.map((key, index) => [key, dumps[index]?.toString('hex') ?? '']));
}

type Call = (inventory: Inventory) => Promise<{ readonly kind: string }>;
const lost = (): Parameters<Inventory['recover']>[0] => ({
  ...{ activityId: sale.activityId, orderId: `${sale.skuId}-${mintUlid(Date.now())}` },
  ...{ userId: 'cid', quantity: 1, createdAt: Date.now(), epoch: 0, seq: 0 },
  as: 'PAID',
});
const CALLS: readonly [string, Call][] = [
  ['a payment', (inventory) => inventory.settle(pending)],
  [
    'a cancellation',
    (inventory) =>
      inventory.release(pending, { reason: 'CANCELLED_BY_BUYER', countsAsLapse: true }),
  ],
  ['a refund', (inventory) => inventory.void(paid, 'REFUNDED')],
  ['another stock', (inventory) => inventory.adjust(sale.activityId, 9)],
  ['a recovery', (inventory) => inventory.recover(lost())],
  [
    'a recovery that comes too late',
    (inventory) => inventory.recover({ ...lost(), createdAt: 0, as: 'PENDING' }),
  ],
  ['a purchase', () => world.buy(sale, 'dan')],
];

it.each(CALLS)('%s that cannot be told has not happened', async (_what, call) => {
  const before = await holdings();
  expect(before.size).toBeGreaterThan(5);
  expect(await call(world.selling.inventory)).toEqual({ kind: 'ambiguous' });
  expect(await holdings()).toEqual(before);
});
