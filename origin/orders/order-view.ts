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
export function reservedView(order: OrderView) {
  return { state: 'RESERVED', ...membersOf(order) };
}

/** Members of a status answer. */
export function statusView(
  order: OrderView,
  { reason, persisted }: { readonly reason: CancelReason | null; readonly persisted: boolean },
) {
  return { ...membersOf(order), ...(reason === null ? {} : { reason }), persisted };
}

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
