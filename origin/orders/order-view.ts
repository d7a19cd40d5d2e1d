// What an order's buyer is shown.
import type { CancelReason, OrderStatus } from '../../shared/words.ts';

export interface OrderView {
  readonly orderId: string;
  readonly skuId: string;
  readonly status: OrderStatus;
  readonly quantity: number;
  readonly amount: number;
  readonly currency: string;
  /** Epoch ms. */
  readonly payBy: number;
}

/** Members of a 201, besides the receipt. */
export function reservedView(order: OrderView, paymentUrl?: string) {
  return { state: 'RESERVED', ...membersOf(order), ...(paymentUrl && { paymentUrl }) };
}

export interface StatusFacts {
  readonly reason: CancelReason | null;
  readonly persisted: boolean;
  /** While the order can be paid. */
  readonly paymentUrl?: string | undefined;
}

/** Members of a status answer. */
export function statusView(order: OrderView, { reason, persisted, paymentUrl }: StatusFacts) {
  return {
    ...membersOf(order),
    ...(paymentUrl && { paymentUrl }),
    ...(reason && { reason }),
    persisted,
  };
}
export type StatusView = ReturnType<typeof statusView>;

function membersOf({ orderId, skuId, status, quantity, amount, currency, payBy }: OrderView) {
  return {
    orderId,
    skuId,
    status,
    quantity,
    amount,
    currency,
    payBy: new Date(payBy).toISOString(),
  };
}
