// The database's side of payments. A payment is known by the gateway's payment id; at most one
// payment holds an order, whatever is repeated or raced, for a unique column says which.
import type { CancelReason, OrderStatus } from '../../shared/words.ts';
import type { OrderRow } from './store.ts';

/**
 * `failed`: the gateway said that it did not succeed; a success may still follow under the same id.
 * `received`: stored and not decided, or decided in Redis and not yet in the order's row.
 * `applied`: it pays for the order, whose row is PAID. `refund-due`: the money goes back.
 * `refunded`: the gateway has confirmed that.
 */
export const PAYMENT_STATES = ['failed', 'received', 'applied', 'refund-due', 'refunded'] as const;
export type PaymentState = (typeof PAYMENT_STATES)[number];

/** Why a payment goes back. */
export const REFUND_CAUSES = [
  'second-payment',
  'order-cancelled',
  'no-unit',
  'unknown-order',
  'amount-mismatch',
  'asked',
  'asked-restock',
] as const;
export type RefundCause = (typeof REFUND_CAUSES)[number];

export interface PaymentRow {
  readonly paymentId: string;
  readonly orderId: string;
  readonly amount: number;
  readonly currency: string;
  readonly state: PaymentState;
  readonly cause: RefundCause | null;
  /** It is the one payment that may pay for its order. */
  readonly holdsOrder: boolean;
  /** Epoch ms, by the gateway. */
  readonly paidAt: number;
  readonly receivedAt: number;
  /** Tries to settle or refund that came to nothing. */
  readonly attempts: number;
  /** When the next attempt is due; until then the payment is the affair of whoever set it. */
  readonly nextAttemptAt: number;
}

export interface ReceivedPayment {
  readonly paymentId: string;
  readonly orderId: string;
  readonly amount: number;
  readonly currency: string;
  readonly outcome: 'succeeded' | 'failed';
  readonly paidAt: number;
  readonly now: number;
  /** Whoever stores a payment first has until then to decide about it. */
  readonly until: number;
}

/** A payment as whoever decides about it took it: nothing changes where another has taken it since. */
export type TakenPayment = Pick<PaymentRow, 'paymentId' | 'nextAttemptAt'>;

export interface PaymentsStore {
  /**
   * Stores a payment once; answers its row as it stands. A success turns a `failed` row to
   * `received`; nothing else of a row that exists changes.
   */
  receivePayment(payment: ReceivedPayment): Promise<{ isNew: boolean; payment: PaymentRow }>;
  findPayment(paymentId: string): Promise<PaymentRow | undefined>;
  /** All payments of these orders (at most 1,000 ids), oldest first. */
  paymentsOfOrders(orderIds: readonly string[]): Promise<readonly PaymentRow[]>;
  /** Makes a `received` payment the one that holds its order; `taken` when another does. */
  holdOrder(paymentId: string): Promise<'held' | 'taken' | 'decided'>;
  /** received → applied, for a payment that holds its order; false when it is in another state. */
  applyPayment(change: { readonly paymentId: string; readonly now: number }): Promise<boolean>;
  /**
   * received → refund-due; the order is held no longer. False in another state, or where somebody
   * else has taken the payment.
   */
  returnPayment(
    change: TakenPayment & { readonly cause: RefundCause; readonly now: number },
  ): Promise<boolean>;
  /**
   * received or applied → refund-due, for the payment that holds this order, which stays held until
   * the money is back. Answers whether there is such a payment.
   */
  askRefund(change: {
    readonly orderId: string;
    readonly cause: 'asked' | 'asked-restock';
    readonly now: number;
  }): Promise<boolean>;
  /** refund-due → refunded; nothing is held any more. */
  closePayment(change: { readonly paymentId: string; readonly now: number }): Promise<boolean>;
  /** Takes what is received or due for refund and whose attempt is due, the longest waiting first. */
  takePayments(of: {
    readonly now: number;
    readonly until: number;
    readonly limit: number;
  }): Promise<readonly PaymentRow[]>;
  /** Counts an attempt that came to nothing and sets when the next one is due. */
  postponePayment(change: TakenPayment & { readonly until: number }): Promise<void>;
  /** Makes every waiting payment due at once: after a rebuild. */
  hastenPayments(now: number): Promise<void>;

  /**
   * Ends an order of an activity whose keys are gone, in the database alone: PENDING → PAID or
   * CANCELLED, PAID → CANCELLED. Answers the status it has then; undefined when there is no row.
   */
  endFormerOrder(change: {
    readonly orderId: string;
    readonly to: 'PAID' | 'CANCELLED';
    readonly reason: CancelReason | null;
    /** Whether the activity counts the units as unsold again. */
    readonly restock: boolean;
  }): Promise<OrderStatus | undefined>;
  /**
   * An order that a failure took, whose buyer shows a receipt or a payment when its activity is
   * closed: CANCELLED, LOST_IN_FAILURE. Answers its row, an older one where it had one; undefined
   * where the activity is not closed.
   */
  recordLost(lost: {
    readonly order: Pick<
      OrderRow,
      'orderId' | 'activityId' | 'userId' | 'quantity' | 'epoch' | 'seq' | 'createdAt'
    >;
    readonly now: number;
  }): Promise<OrderRow | undefined>;
}
