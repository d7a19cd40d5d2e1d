// The port to an activity's units in Redis, besides reserving them: everything that happens to an
// order afterwards. Each call is one script: it obeys the fence, acts at most once and gives what it
// did a number in the activity's sequence, in the outbox too. A repeat finds what the first call
// left and says so; so every call is safe to repeat, and after `ambiguous` it must be.
import type { CancelReason, OrderStatus } from '../../shared/words.ts';
import type { PackedOrder } from '../orders/packed-order.ts';

export interface OrderRef {
  readonly activityId: string;
  /** `<skuId>-<ulid>`. */
  readonly orderId: string;
  /** Whose it is, where the caller knows: Redis is not asked first. Another's order is `unknown`. */
  readonly userId?: string;
}

/** Why nothing was decided. */
export type Unready =
  /** The activity's data is not trusted; a rebuild is on its way. Nothing changed; ask again. */
  | { readonly kind: 'fenced' }
  /**
   * Redis does not serve this activity: it is a former one of its SKU, closed, or not yet loaded.
   * Nothing changed and nothing will: only the database knows the order, change it there.
   */
  | { readonly kind: 'not-loaded' }
  /** Redis cannot be asked, and was not. Nothing changed; ask again. */
  | { readonly kind: 'away' }
  /**
   * Redis was asked and did not answer in time, or too few replicas confirmed: it may have happened.
   * Repeat the same call: it will tell.
   */
  | { readonly kind: 'ambiguous' };

/** What Redis knows of the order, unchanged by this call. */
export interface Known {
  readonly kind: 'known';
  readonly status: OrderStatus;
  readonly order: PackedOrder;
}

/** Redis serves the activity and does not know the order. A database that does knows better. */
export interface Unknown {
  readonly kind: 'unknown';
}

/** Done by this call, under the number `seq`. The order's facts are those of its reservation. */
export interface Done<Kind extends string> {
  readonly kind: Kind;
  readonly order: PackedOrder;
  readonly epoch: number;
  readonly seq: number;
}

/**
 * Reasons of `release`. The first two end a PENDING order, the others refund a PAID one; an order
 * with another status is `known` and stays as it is.
 */
export type ReleaseReason = Extract<
  CancelReason,
  'CANCELLED_BY_BUYER' | 'EXPIRED' | 'REFUNDED' | 'REFUND_DUE'
>;

/** Reasons of `void`: the guard ends whatever is not CANCELLED, a refund only a PAID order. */
export type VoidReason = Extract<CancelReason, 'OVERSOLD_GUARD' | 'REFUNDED' | 'REFUND_DUE'>;

/** What is known of an order that Redis has lost, or CANCELLED too early. */
export interface Recovery extends OrderRef {
  readonly userId: string;
  readonly quantity: number;
  /** Epoch ms of the reservation; the order stays payable until a payment window after it. */
  readonly createdAt: number;
  /** Of the receipt, where there is one. Without a receipt: 0 and 0. */
  readonly epoch: number;
  readonly seq: number;
  /** PENDING: its buyer shows a receipt. PAID: somebody has paid, and the payment is kept if so. */
  readonly as: 'PENDING' | 'PAID';
}

export type RecoverAnswer =
  /** It holds its units (again) with the wanted status, under the same id and a new number. */
  | Done<'recovered'>
  /**
   * Redis knew the order and changed nothing. `as: 'PAID'` answers this for a PAID order only and
   * for a CANCELLED one that cannot have its units again (`refused` says why: refund).
   */
  | (Known & { readonly refused?: 'sold-out' | 'limit-reached' })
  /**
   * Nobody knew it and it cannot be had again: recorded CANCELLED, reason `LOST_IN_FAILURE`, here
   * and, by its event, in the database. `late`: shown behind its payBy.
   */
  | (Done<'lost'> & { readonly why: 'sold-out' | 'limit-reached' | 'late' });

export interface Inventory {
  /**
   * Ends an order and gives its units back: stock, sold and the user's count, once. Refunding with
   * it is a refund with restock. `countsAsLapse`: an unpaid expiry held against the user (reserve
   * refuses a user with two).
   */
  release(
    order: OrderRef,
    how: { readonly reason: ReleaseReason; readonly countsAsLapse: boolean },
  ): Promise<Done<'released'> | Known | Unknown | Unready>;

  /**
   * Marks a PENDING order PAID. `known` with PAID is a repeat. `known` with CANCELLED came too late
   * for this call: `recover` as PAID may take a unit again.
   */
  settle(order: OrderRef): Promise<Done<'settled'> | Known | Unknown | Unready>;

  /**
   * Sets the total of units: never below what is sold. Carries the wanted total, so that repeating
   * it is harmless. `adjusted` also when the total was that already (then no event, `seq` is the
   * last number). The database's stock follows when the writer applies the event.
   */
  adjust(
    activityId: string,
    wantedTotal: number,
  ): Promise<
    | { readonly kind: 'adjusted'; readonly total: number; readonly seq: number }
    | { readonly kind: 'below-sold'; readonly sold: number }
    | Unready
  >;

  /**
   * Ends an order without giving its units back: the user's count is freed, stock and sold stay.
   * The writer's guard against overselling, and a refund without restock.
   */
  void(order: OrderRef, reason: VoidReason): Promise<Done<'voided'> | Known | Unknown | Unready>;

  /**
   * Tells Redis again that an order is PAID, whose status it has let go (`orders/forgotten.ts`);
   * changes nothing where it knows a status. The row must say so. Safe to repeat.
   */
  remindOfPaid(row: OrderRef & PackedOrder): Promise<{ readonly kind: 'reminded' } | Unready>;

  /**
   * Gives an order that Redis does not know (or, as PAID, has CANCELLED) its units again under the
   * same id, if a unit is free and the user's limit allows. Neither pause, end nor lapses matter: it
   * was sold once. As PENDING only until its first payBy; as PAID at any time: whether a late
   * payment may be tried at all (nobody waits in line) is the caller's to decide before.
   *
   * Ask the database first: an order with a row that is PENDING or PAID needs no recovery. Rows
   * that are CANCELLED by a failure (`FENCED`, `LOST_IN_FAILURE`) come to life again by it.
   *
   * A receipt of the open epoch whose order Redis does not know proves a fork: the fence closes
   * and the answer is `fenced`; behind the rebuild the receipt is one of an older epoch.
   */
  recover(order: Recovery): Promise<RecoverAnswer | Unready>;

  /** PENDING orders whose payBy has passed by `atMs`, oldest first, at most `limit` (1 … 1,000). */
  due(
    activityId: string,
    until: { readonly atMs: number; readonly limit: number },
  ): Promise<
    | {
        readonly kind: 'due';
        readonly orders: readonly (OrderRef & { readonly order: PackedOrder })[];
      }
    | Unready
  >;

  /** Unpaid expiries held against a user are forgiven. Answers how many there were. */
  liftLapses(
    activityId: string,
    userId: string,
  ): Promise<{ readonly kind: 'lifted'; readonly lapses: number } | Unready>;
}
