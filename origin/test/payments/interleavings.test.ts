// Any order and any simultaneity of payments, cancelling, expiry and refunds: at most one payment is
// kept per order, an order is PAID exactly when one is kept, everything else goes back, and no unit is
// lost or made.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { inventoryKeys } from '../../../shared/keys.ts';
import { type ActivityRegistry, startRegistry } from '../../activities/registry.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { createInventory } from '../../inventory/lua-inventory.ts';
import { connectInventory, type InventoryLink } from '../../redis/inventory-link.ts';
import { createSeenSequences } from '../../reserve/seen.ts';
import { createUserKey } from '../../reserve/user-key.ts';
import { configOf, type EmbeddedOrigin, startEmbeddedOrigin } from '../reserve/embedded-origin.ts';
import { openSale, type Sale } from '../reserve/shop-front.ts';
import { cancel, type Reserved, refund, reserve } from './buyer.ts';
import { newPaymentId, tell, WEBHOOK_SECRET, WITHIN } from './till.ts';

const STOCK = 3;
let origin: EmbeddedOrigin;
let link: InventoryLink;
let registry: ActivityRegistry;
let inventory: Inventory;
beforeAll(async () => {
  const { redis } = inject('services');
  origin = await startEmbeddedOrigin(redis, configOf(redis, { WEBHOOK_SECRET }));
  link = await connectInventory({ ...redis, name: 'test', commandTimeoutMs: 2_000 });
  registry = await startRegistry(origin.rows, String);
  inventory = createInventory({
    ...{ link, registry, seen: createSeenSequences(), isDurable: async () => true },
    ...{ userKey: createUserKey(origin.config.USER_KEY_SECRET) },
    onDistrust: (_activity, reason) => expect.fail(reason),
    onError: (error) => expect.fail(String(error)),
  });
});
afterAll(async () => {
  registry.close();
  link.close();
  await origin.close();
});

const who = fc.nat({ max: STOCK - 1 });
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('pay' as const), who, inTime: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('pay-wrong' as const), who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cancel' as const), who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('expire' as const), who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('refund' as const), who }) },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

async function take(sale: Sale, orders: readonly Reserved[], one: Step): Promise<void> {
  const order = orders[one.who];
  if (order === undefined) return;
  const { orderId, payBy } = order;
  switch (one.do) {
    case 'pay': {
      const paidAt = one.inTime ? payBy - 1 : payBy + 1;
      const told = { orderId, paymentId: newPaymentId(), paidAt };
      expect((await tell(origin.url, told)).status).toBe(204);
      expect((await tell(origin.url, told)).status).toBe(204);
      return;
    }
    case 'pay-wrong':
      expect((await tell(origin.url, { orderId, amount: 1 })).status).toBe(422);
      return;
    case 'cancel':
      expect([200, 409]).toContain((await cancel(origin.url, orderId, `user-${one.who}`)).status);
      return;
    case 'expire':
      await inventory.release(
        { activityId: sale.activityId, orderId },
        { reason: 'EXPIRED', countsAsLapse: true },
      );
      return;
    case 'refund': {
      const how = { restock: true, role: 'admin' } as const;
      expect([200, 422, 503]).toContain((await refund(origin.url, orderId, how)).status);
    }
  }
}

async function check(sale: Sale, orders: readonly Reserved[]): Promise<void> {
  const ids = orders.map(({ orderId }) => orderId);
  await expect
    .poll(async () => {
      const payments = await origin.rows.paymentsOfOrders(ids);
      return payments.filter(({ state }) => state === 'received' || state === 'refund-due');
    }, WITHIN)
    .toEqual([]);
  // The writer is a moment behind Redis.
  await expect.poll(() => isWhole(sale, ids), WITHIN).toEqual({ fault: undefined });
}

/** What does not fit together, if anything. */
async function isWhole(sale: Sale, ids: readonly string[]): Promise<{ fault: unknown }> {
  const payments = await origin.rows.paymentsOfOrders(ids);
  let held = 0;
  for (const orderId of ids) {
    const kept = payments.filter((one) => one.orderId === orderId && one.state === 'applied');
    const row = await origin.rows.findOrder(orderId);
    const wanted = row?.status === 'PAID' ? 1 : 0;
    if (kept.length !== wanted) return { fault: { row, kept } };
    if (row?.status !== 'CANCELLED') held += 1;
  }
  const { skuId, activityId } = sale;
  const keys = [inventoryKeys.stock(skuId), inventoryKeys.sold(skuId)];
  const [stock, sold] = (await link.redis.mget(...keys)).map(Number);
  const applied = (await origin.rows.findActivity(activityId))?.applied.sold;
  const isSame = stock === ids.length - held && sold === held && applied === held;
  return { fault: isSame ? undefined : { stock, sold, applied, held } };
}

it('keeps one payment for each paid order and gives the others back', async () => {
  const groups = fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), {
    ...{ minLength: 1, maxLength: 5 },
  });
  await fc.assert(
    fc.asyncProperty(groups, async (simultaneous) => {
      const sale = await openSale(origin.url, { stock: STOCK });
      await registry.refresh();
      const people = Array.from({ length: STOCK }, (_, n) => `user-${n}`);
      const orders = await Promise.all(people.map((sub) => reserve(origin.url, sale, sub)));
      for (const group of simultaneous) {
        await Promise.all(group.map((one) => take(sale, orders, one)));
      }
      await check(sale, orders);
    }),
    { numRuns: 25, endOnFailure: true },
  );
}, 180_000);

it('a payment in time that is told before anything else keeps the unit', async () => {
  const rest = fc.array(step, { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(rest, async (steps) => {
      const sale = await openSale(origin.url, { stock: 1 });
      await registry.refresh();
      const orders = [await reserve(origin.url, sale, 'user-0')];
      await take(sale, orders, { do: 'pay', who: 0, inTime: true });
      const later = steps.filter((one) => one.do !== 'refund');
      await Promise.all(later.map((one) => take(sale, orders, { ...one, who: 0 })));
      await check(sale, orders);
      const [order] = orders;
      expect(await origin.rows.findOrder(order?.orderId ?? '')).toMatchObject({ status: 'PAID' });
    }),
    { numRuns: 8, endOnFailure: true },
  );
}, 120_000);
