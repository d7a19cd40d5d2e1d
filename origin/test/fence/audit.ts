// What must hold of a sale whatever happened to its Redis, once all is written down.
import { expect, vi } from 'vitest';
import { inventoryKeys } from '../../../shared/keys.ts';
import type { Redis } from '../../redis/client.ts';
import type { OrderRow } from '../../store/store.ts';
import type { EmbeddedOrigin } from '../reserve/embedded-origin.ts';
import { buy, type Sale, SOON, untilDecided } from '../reserve/shop-front.ts';
import type { Bought } from './rush.ts';

/** Waits until every one of these has its row, as its buyer was told. */
export async function untilRecorded(
  { rows }: Pick<EmbeddedOrigin, 'rows'>,
  bought: readonly Bought[],
): Promise<void> {
  for (const { purchase, body } of bought) {
    await vi.waitFor(async () => {
      expect(await rows.findOrder(purchase.orderId)).toMatchObject({
        userId: purchase.userId,
        quantity: purchase.quantity,
        status: 'PENDING',
        amount: body.amount,
        payBy: Date.parse(String(body.payBy)),
      });
    }, SOON);
  }
}

/**
 * Every 201 has one row and gets the same answer again, receipt included; there are no other rows;
 * Redis and database agree on the units; nobody is over the limit; no number was given out twice.
 */
export async function audit(
  origin: Pick<EmbeddedOrigin, 'url' | 'rows'>,
  sale: Sale & { readonly stock: number },
  { bought, redis }: { readonly bought: readonly Bought[]; readonly redis: Redis },
): Promise<void> {
  await untilRecorded(origin, bought);
  await untilDecided(origin.url, sale);
  const units = bought.reduce((sum, { purchase }) => sum + purchase.quantity, 0);
  expect(await origin.rows.summary(sale.activityId)).toMatchObject({
    orders: bought.length,
    sold: units,
    overLimit: 0,
    deadLetters: 0,
  });
  expect(await countersOf(redis, sale)).toEqual({ left: sale.stock - units, sold: units });
  for (const { purchase, body } of bought) {
    // The ledger goes on meanwhile; the order does not change.
    const { ledgerHead: _, ...told } = body;
    expect(await buy(origin.url, sale, purchase)).toMatchObject({ status: 201, body: told });
  }
  const numbers = (await rowsOf(origin, sale)).map(({ epoch, seq }) => `${epoch}-${seq}`);
  expect(new Set(numbers).size).toBe(numbers.length);
}

export async function countersOf(redis: Redis, { skuId }: Sale) {
  const { stock, sold } = inventoryKeys;
  const [left, taken] = (await redis.mget(stock(skuId), sold(skuId))).map(Number);
  return { left, sold: taken };
}

export async function rowsOf(
  { rows }: Pick<EmbeddedOrigin, 'rows'>,
  { activityId }: Sale,
): Promise<readonly OrderRow[]> {
  return await rows.ordersPage({ activityId, afterOrderId: '', limit: 10_000 });
}
