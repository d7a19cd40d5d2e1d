// What the steps that decide about a payment share.
import type { Inventory } from '../inventory/inventory.ts';
import type { FindOrder } from '../orders/find-order.ts';
import type { Receipts } from '../orders/receipts.ts';
import type { PaymentsStore, RefundCause } from '../store/payments-port.ts';
import type { Store } from '../store/store.ts';
import type { PaymentGateway } from './gateway.ts';
import type { PaymentMetrics } from './metrics.ts';

export interface SettleParts {
  readonly store: PaymentsStore & Pick<Store, 'findOrder' | 'findActivity'>;
  readonly inventory: Pick<Inventory, 'settle' | 'release' | 'recover' | 'void' | 'remindOfPaid'>;
  readonly gateway: PaymentGateway;
  readonly receipts: Receipts;
  readonly find: FindOrder;
  /** Whether a late payment may have a unit before those who wait. */
  readonly lineOf: (skuId: string) => Promise<'nobody-waits' | 'people-wait' | 'unsure'>;
  readonly metrics: PaymentMetrics;
}

export type Settled =
  /** The order is PAID in Redis by this payment; its row follows. */
  | { readonly kind: 'paid' }
  /** The row is PAID: nothing is left to do. */
  | { readonly kind: 'applied' }
  /** It goes back. */
  | { readonly kind: 'returned'; readonly cause: RefundCause }
  /** The gateway has given it back. */
  | { readonly kind: 'refunded' }
  /** Somebody else has decided, or is deciding. */
  | { readonly kind: 'decided' }
  /** Nobody knows the order; it may still be found. */
  | { readonly kind: 'unknown-order' }
  /** Something needed is away or not written yet: ask again. */
  | { readonly kind: 'waits'; readonly why: string };
