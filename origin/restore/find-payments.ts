// Payments that were stored behind the backup stand at the gateway still: they are stored again, and
// the origin's sweep settles them as ever.
import { type PaymentGateway, SESSIONS_PER_CALL } from '../payments/gateway.ts';
import type { PaymentsStore } from '../store/payments-port.ts';

export interface FoundPayments {
  /** Orders that are paid and have no payment in the database. */
  readonly orders: number;
  /** Payments of theirs that were stored again; in a dry run, that would be. */
  readonly found: number;
  /** Orders of which the gateway does not know a payment that it keeps. */
  readonly unexplained: number;
  /** Orders that the gateway was not asked about, for it did not answer. */
  readonly unasked: number;
}

export interface FindPayments {
  readonly store: Pick<PaymentsStore, 'paymentsOfOrders' | 'receivePayment'>;
  readonly gateway: Pick<PaymentGateway, 'readSessions'>;
  readonly now: () => number;
}

/** Safe to repeat: a payment is known by its id. */
export async function findPayments(
  { store, gateway, now }: FindPayments,
  paid: ReadonlySet<string>,
  mode: 'dry-run' | 'apply',
): Promise<FoundPayments> {
  const count = { orders: 0, found: 0, unexplained: 0, unasked: 0 };
  const ids = [...paid];
  for (let at = 0; at < ids.length; at += SESSIONS_PER_CALL) {
    const chunk = ids.slice(at, at + SESSIONS_PER_CALL);
    const stored = await store.paymentsOfOrders(chunk);
    const isStored = new Set(stored.map(({ orderId }) => orderId));
    const missing = chunk.filter((orderId) => !isStored.has(orderId));
    if (missing.length === 0) continue;
    count.orders += missing.length;
    const answer = await gateway.readSessions(missing);
    if (answer.kind === 'away') {
      count.unasked += missing.length;
      continue;
    }
    for (const orderId of missing) {
      const payments = answer.sessions.get(orderId)?.payments ?? [];
      if (payments.length === 0) count.unexplained += 1;
      count.found += payments.length;
      if (mode === 'dry-run') continue;
      for (const payment of payments) {
        const moment = now();
        const told = { ...payment, orderId, outcome: 'succeeded' as const };
        await store.receivePayment({ ...told, now: moment, until: moment });
      }
    }
  }
  return count;
}
