// Sales at an origin, made and bought from over HTTP as the edge does it.
import { randomBytes } from 'node:crypto';
import { expect, vi } from 'vitest';
import type { EdgeClaims } from '../../../shared/edge-signature.ts';
import { mintUlid, orderIdOf } from '../../../shared/order-id.ts';
import { type Answer, type Call, sendSigned } from '../signature/signed-client.ts';

export interface Sale {
  readonly skuId: string;
  readonly activityId: string;
}

export interface Purchase {
  readonly userId: string;
  readonly orderId?: string;
  readonly quantity?: number;
  readonly receipt?: unknown;
}

export const ADMIN: EdgeClaims = { sub: 'ada', role: 'admin' };
export const SOON = { timeout: 20_000, interval: 50 };
const HOUR_MS = 3_600_000;

export const newSkuId = (): string => `sku_${randomBytes(8).toString('hex')}`;
export const newOrderId = ({ skuId }: Pick<Sale, 'skuId'>): string =>
  orderIdOf({ skuId, ulid: mintUlid(Date.now()) });

/** Creates a sale that began a second ago; `terms` are members of an activity. */
export async function createSale(
  origin: string,
  terms: Readonly<Record<string, unknown>> = {},
): Promise<Sale> {
  const now = Date.now();
  const body = JSON.stringify({
    skuId: newSkuId(),
    stock: 10,
    price: 2_500,
    currency: 'EUR',
    capacity: 1,
    draw: false,
    startAt: new Date(now - 1_000).toISOString(),
    endAt: new Date(now + HOUR_MS).toISOString(),
    ...terms,
  });
  const created = await sendSigned(origin, { path: '/api/activities', body, claims: ADMIN });
  expect(created).toMatchObject({ status: 201 });
  return { skuId: String(created.body.skuId), activityId: String(created.body.activityId) };
}

/** As `createSale`, and waits until purchases are decided. */
export async function openSale(
  origin: string,
  terms: Readonly<Record<string, unknown>> = {},
): Promise<Sale> {
  const sale = await createSale(origin, terms);
  await untilDecided(origin, sale);
  return sale;
}

/** Waits until a purchase above every limit, which changes nothing, is not answered 503. */
export async function untilDecided(origin: string, sale: Sale): Promise<void> {
  await vi.waitFor(async () => {
    const probe = await buy(origin, sale, { userId: 'nobody', quantity: 100 });
    expect(probe.status).toBe(409);
  }, SOON);
}

/** One signed purchase; an order id of its own unless given. */
export function buy(origin: string, sale: Sale, purchase: Purchase): Promise<Answer> {
  return sendSigned(origin, purchaseCall(sale, purchase));
}

export function purchaseCall(sale: Sale, purchase: Purchase): Required<PurchaseCall> {
  const { userId, orderId = newOrderId(sale), quantity = 1, receipt } = purchase;
  return {
    path: `/api/seckill/${sale.skuId}`,
    body: JSON.stringify({ quantity, ...(receipt === undefined ? {} : { receipt }) }),
    claims: { sub: userId, orderId, activityId: sale.activityId },
  };
}
type PurchaseCall = Pick<Call, 'path' | 'body' | 'claims'>;

/** The status of an order for its owner, or for whoever `claims` says. */
export function statusOf(origin: string, orderId: unknown, claims: EdgeClaims): Promise<Answer> {
  return sendSigned(origin, { path: `/api/seckill/status/${orderId}`, claims });
}
