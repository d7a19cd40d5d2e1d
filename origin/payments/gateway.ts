// The port to whoever takes the money. A buyer opens a payment by following a signed link; the
// gateway opens the session then, so that a reservation costs no call. README.md has the HTTP form.

export interface PayableOrder {
  readonly orderId: string;
  /** Minor units, quantity included. */
  readonly amount: number;
  readonly currency: string;
  /** Epoch ms; the gateway takes no money after it. */
  readonly payBy: number;
  /** The buyer's receipt: comes back with the session where nobody knows the order any more. */
  readonly reference: string;
}

export interface GatewayPayment {
  readonly paymentId: string;
  readonly amount: number;
  readonly currency: string;
  /** Epoch ms. */
  readonly paidAt: number;
}

export interface GatewaySession {
  readonly orderId: string;
  /** `none`: nobody has opened it. `closed`: no money can be paid in it any more. */
  readonly state: 'none' | 'open' | 'closed';
  readonly reference: string | undefined;
  /** What was paid in it and not given back. */
  readonly payments: readonly GatewayPayment[];
}

export type SessionsAnswer =
  | { readonly kind: 'sessions'; readonly sessions: ReadonlyMap<string, GatewaySession> }
  /** No answer that can be used: what the gateway did is unknown. */
  | { readonly kind: 'away' };

export const SESSIONS_PER_CALL = 100;

export interface PaymentGateway {
  /** Where the buyer pays; undefined without a gateway. The same order has the same link. No I/O. */
  linkTo(order: PayableOrder): string | undefined;
  /**
   * Ends the sessions, also those that nobody has opened, and tells what was paid: from the answer
   * on nothing can be. At most 100. Deadline 2 s, no retries here (the caller's sweep is the
   * retry); away: `away`. Safe to repeat.
   */
  closeSessions(orderIds: readonly string[]): Promise<SessionsAnswer>;
  /** What is known of the sessions; changes nothing. Else as `closeSessions`. */
  readSessions(orderIds: readonly string[]): Promise<SessionsAnswer>;
  /**
   * Gives the money of a payment back, whole. Deadline 5 s, no retries here; away: `away`. Safe to
   * repeat: the payment id names the refund.
   */
  refund(payment: {
    readonly paymentId: string;
    readonly orderId: string;
    readonly amount: number;
    readonly currency: string;
  }): Promise<'refunded' | 'under-way' | 'away'>;
}

/** Where payments come by callback alone: no links, nothing to ask, refunds are noted as made. */
export const NO_GATEWAY: PaymentGateway = {
  linkTo: () => undefined,
  closeSessions: async (orderIds) => sessionless(orderIds),
  readSessions: async (orderIds) => sessionless(orderIds),
  refund: async () => 'refunded',
};

function sessionless(orderIds: readonly string[]): SessionsAnswer {
  const none = (orderId: string): GatewaySession => ({
    ...{ orderId, state: 'none', reference: undefined, payments: [] },
  });
  return { kind: 'sessions', sessions: new Map(orderIds.map((id) => [id, none(id)])) };
}
