// Where an order is paid, while it can be. Costs one HMAC and no call: the gateway opens the session
// when somebody follows the link.
import type { PaymentGateway } from '../payments/gateway.ts';
import type { OrderRow } from '../store/store.ts';
import type { Receipts } from './receipts.ts';

export type PayableRow = Omit<OrderRow, 'reason' | 'skuId'>;

export function paymentUrlOf(
  { gateway, receipts }: { readonly gateway: PaymentGateway; readonly receipts: Receipts },
  order: PayableRow,
  receipt?: string,
): string | undefined {
  if (order.status !== 'PENDING' || Date.now() >= order.payBy) return undefined;
  const { orderId, amount, currency, payBy } = order;
  return gateway.linkTo({
    ...{ orderId, amount, currency, payBy },
    reference: receipt ?? receipts.sign(order),
  });
}
