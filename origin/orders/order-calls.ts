// What a buyer asks about an order that exists: its status, its end, and what a receipt proves. Each
// answers a status as the contract has it, or a refusal; whoever carries it (HTTP, gRPC) adds nothing.
import { type OrderIdParts, parseOrderId } from '../../shared/order-id.ts';
import type { Refusal } from '../../shared/refusal.ts';
import type { ActivityRegistry } from '../activities/registry.ts';
import type { Caller } from '../caller.ts';
import { InfrastructureError } from '../infrastructure-error.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { PaymentGateway } from '../payments/gateway.ts';
import type { Payments } from '../payments/payments.ts';
import type { OrderRow, Store } from '../store/store.ts';
import type { FindOrder } from './find-order.ts';
import { type StatusView, statusView } from './order-view.ts';
import { paymentUrlOf } from './payment-url.ts';
import type { Receipts } from './receipts.ts';

export interface OrderCallParts {
  readonly find: FindOrder;
  readonly registry: Pick<ActivityRegistry, 'current' | 'byId'>;
  readonly inventory: Pick<Inventory, 'release' | 'recover'>;
  readonly gateway: PaymentGateway;
  readonly payments: Payments;
  readonly receipts: Receipts;
  readonly store: Pick<Store, 'findActivity' | 'endFormerOrder' | 'recordLost'>;
}

export type OrderAnswer =
  | { readonly kind: 'status'; readonly status: StatusView }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

const RETRY_SECONDS = 1;
export const refused = (refusal: Refusal): OrderAnswer => ({ kind: 'refused', refusal });
export const UNAVAILABLE = refused({ kind: 'unavailable', retryAfterSeconds: RETRY_SECONDS });
export const FENCED = refused({ kind: 'fenced', retryAfterSeconds: RETRY_SECONDS });
export const UNKNOWN_ORDER = refused({ kind: 'unknown-order', showReceipt: false });
export const ALREADY_PAID = refused({ kind: 'already-paid' });

/** Without the database there is no answer about what only it knows. */
export async function whileAway(call: () => Promise<OrderAnswer>): Promise<OrderAnswer> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof InfrastructureError) return UNAVAILABLE;
    throw error;
  }
}

/** For the order's owner and for admins; everybody else learns nothing. */
export function showStatus(
  parts: OrderCallParts,
  caller: Caller,
  orderId: string,
): Promise<OrderAnswer> {
  const id = parseOrderId(orderId);
  if (id === undefined) return Promise.resolve(UNKNOWN_ORDER);
  return whileAway(async () => {
    const found = await parts.find(id);
    if (found.kind === 'unsure') return UNAVAILABLE;
    if (found.kind === 'nowhere') return unknown(parts, id);
    const mayRead = caller.role === 'admin' || caller.sub === found.order.userId;
    return mayRead ? shown(parts, found) : UNKNOWN_ORDER;
  });
}

/** A receipt could help where a sale of the item is live. */
export function unknown({ registry }: OrderCallParts, { skuId }: OrderIdParts): OrderAnswer {
  const showReceipt = registry.current(skuId) !== undefined;
  return refused({ kind: 'unknown-order', showReceipt });
}

export function shown(
  parts: Pick<OrderCallParts, 'gateway' | 'receipts'>,
  { order, isPersisted }: { readonly order: OrderRow; readonly isPersisted: boolean },
): OrderAnswer {
  const paymentUrl = paymentUrlOf(parts, order);
  const { reason } = order;
  return {
    kind: 'status',
    status: statusView(order, { reason, paymentUrl, persisted: isPersisted }),
  };
}
