// Orders that a failure lost, by their receipts and payments; late payments; forks.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { mintUlid, orderIdOf } from '../../../shared/order-id.ts';
import type { Recovery } from '../../inventory/inventory.ts';
import { countersOf } from '../fence/audit.ts';
import { FenceWorld } from '../fence/fence-world.ts';
import { type Sale, SOON } from '../reserve/shop-front.ts';

let world: FenceWorld;
let sale: Sale;
beforeEach(async () => {
  world = await FenceWorld.open();
  sale = await world.openSale({ stock: 2, capacity: 1, limitPerUser: 1, paymentWindowSeconds: 60 });
});
afterEach(() => world.close());

const port = () => world.selling.inventory;

/** Bought, answered and lost with its Redis before anybody had written it down. */
async function lostOrder(userId: string, changes: Partial<Recovery> = {}): Promise<Recovery> {
  const ulid = mintUlid(Date.now());
  const outcome = await world.buy(sale, userId, ulid);
  if (outcome.kind !== 'reserved') throw new Error(outcome.kind);
  const { quantity, createdAt, epoch, seq } = outcome.order;
  const orderId = orderIdOf({ skuId: sale.skuId, ulid });
  const { activityId } = sale;
  return {
    activityId,
    orderId,
    userId,
    quantity,
    createdAt,
    epoch,
    seq,
    as: 'PENDING',
    ...changes,
  };
}

/** The writer begins behind the loss: nothing of the old Redis was relayed. */
async function loseAndRebuild(): Promise<void> {
  await world.redis.client.flushall();
  await world.startWriting();
  await world.lead(1);
  await expect.poll(async () => (await world.row(sale)).epoch, SOON).toBe(2);
  await expect.poll(async () => (await world.buy(sale, 'x', LATE)).kind, SOON).toBe('reserved');
  await port().release(
    { activityId: sale.activityId, orderId: orderIdOf({ skuId: sale.skuId, ulid: LATE }) },
    { reason: 'CANCELLED_BY_BUYER', countsAsLapse: false },
  );
}
const LATE = mintUlid(1);
const untilRow = ({ orderId }: Recovery, row: object) =>
  expect
    .poll(async () => (await world.dependencies.store.findOrder(orderId)) ?? {}, SOON)
    .toMatchObject(row);

it('a receipt of the former epoch gets its unit again, once; the third gets a reason', async () => {
  const [ann, bob] = [await lostOrder('ann'), await lostOrder('bob')];
  await loseAndRebuild();
  expect(await world.buy(sale, 'cid')).toMatchObject({ kind: 'reserved' });
  expect(await port().recover(ann)).toMatchObject({ kind: 'recovered', epoch: 2 });
  expect(await port().recover(ann)).toMatchObject({ kind: 'known', status: 'PENDING' });
  expect(await port().recover(bob)).toMatchObject({ kind: 'lost', why: 'sold-out' });
  expect(await port().recover(bob)).toMatchObject({ kind: 'known', status: 'CANCELLED' });
  await untilRow(ann, { status: 'PENDING', userId: 'ann', epoch: 2 });
  await untilRow(bob, { status: 'CANCELLED', reason: 'LOST_IN_FAILURE', userId: 'bob' });
  expect(await countersOf(world.redis.client, sale)).toEqual({ left: 0, sold: 2 });
  expect((await world.row(sale)).fenceEpoch).toBeLessThan(2);
});

it('a receipt behind its payBy is too late, a payment is not', async () => {
  const past = { createdAt: Date.now() - 61_000 };
  const [ann, bob] = [await lostOrder('ann', past), await lostOrder('bob', past)];
  await loseAndRebuild();
  expect(await port().recover(ann)).toMatchObject({ kind: 'lost', why: 'late' });
  expect(await port().recover({ ...bob, as: 'PAID' })).toMatchObject({ kind: 'recovered' });
  await untilRow(bob, { status: 'PAID', reason: null });
  await untilRow(ann, { status: 'CANCELLED', reason: 'LOST_IN_FAILURE' });
});

it('an order that expired before its payment came has its unit again while one is free', async () => {
  await world.startWriting();
  const [ann, bob] = [await lostOrder('ann'), await lostOrder('bob')];
  for (const order of [ann, bob]) {
    await port().release(order, { reason: 'EXPIRED', countsAsLapse: true });
  }
  expect(await world.buy(sale, 'cid')).toMatchObject({ kind: 'reserved' });
  const paid = { as: 'PAID', epoch: 0, seq: 0 } as const;
  expect(await port().recover({ ...ann, ...paid })).toMatchObject({ kind: 'recovered', seq: 7 });
  expect(await port().recover({ ...ann, ...paid })).toMatchObject({
    kind: 'known',
    status: 'PAID',
  });
  const refused = { kind: 'known', status: 'CANCELLED', refused: 'sold-out' };
  expect(await port().recover({ ...bob, ...paid })).toMatchObject(refused);
  await untilRow(ann, { status: 'PAID', reason: null });
  await untilRow(bob, { status: 'CANCELLED', reason: 'EXPIRED' });
});

it('a receipt of the open epoch that Redis does not know closes the fence', async () => {
  await world.startWriting();
  const ann = await lostOrder('ann');
  const unknown = { ...ann, orderId: orderIdOf({ skuId: sale.skuId, ulid: mintUlid(2) }) };
  expect(await port().recover(unknown)).toEqual({ kind: 'fenced' });
  const reason = async () => (await world.row(sale)).fenceReason;
  await expect.poll(reason, SOON).toBe('receipt-unknown');
  await world.lead(1);
  await expect.poll(async () => (await world.row(sale)).epoch, SOON).toBe(2);
  const recovered = async () => (await port().recover({ ...unknown, userId: 'dan' })).kind;
  await expect.poll(recovered, SOON).toBe('recovered');
});
