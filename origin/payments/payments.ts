// A payment that is told to us, by a callback or by the gateway's own books: stored first, then
// decided about. What cannot be decided at once is the sweep's.
import type { PaymentRow } from '../store/payments-port.ts';
import { createSettle } from './settle.ts';
import type { Settled, SettleParts } from './settled.ts';

export interface ToldPayment {
  readonly paymentId: string;
  readonly orderId: string;
  readonly amount: number;
  readonly currency: string;
  readonly outcome: 'succeeded' | 'failed';
  /** Epoch ms. */
  readonly paidAt: number;
}

export interface Taken {
  readonly isNew: boolean;
  /** As it was stored; of a repeat as it stands. */
  readonly payment: PaymentRow;
  /** What has become of it, where this call decided. */
  readonly settled: Settled;
}

export interface Payments {
  /** Safe to repeat: the payment id names it. Rejects when the database is away. */
  take(payment: ToldPayment): Promise<Taken>;
  /** One round: decides about what is due; answers how many there were, at most `limit`. */
  sweep(limit: number): Promise<number>;
}

/** Above the time that any one decision takes, calls to Redis, database and gateway included. */
const LEASE_MS = 20_000;
const LEAST_PAUSE_MS = 200;
const MOST_PAUSE_MS = 60_000;
const SIDE_BY_SIDE = 8;

export interface PaymentsOptions extends SettleParts {
  /** Hears what kept a payment from being decided about; it is tried again. */
  readonly onError: (error: unknown) => void;
}

export function createPayments(options: PaymentsOptions): Payments {
  const { store, metrics, onError } = options;
  const settle = createSettle(options);

  /** Decides, and sets when to try again where nothing could be decided. */
  async function decide(payment: PaymentRow): Promise<Settled> {
    const { paymentId, nextAttemptAt, attempts } = payment;
    let settled: Settled;
    try {
      settled = await settle(payment);
    } catch (error) {
      onError(error);
      settled = { kind: 'waits', why: 'error' };
    }
    const isOpen = ['paid', 'waits', 'unknown-order'].includes(settled.kind);
    if (isOpen) {
      const pauseMs = Math.min(MOST_PAUSE_MS, LEAST_PAUSE_MS * 2 ** Math.min(attempts, 16));
      const until = Date.now() + pauseMs;
      await store.postponePayment({ paymentId, nextAttemptAt, until }).catch(onError);
    }
    return settled;
  }

  return {
    async take(told) {
      const now = Date.now();
      const stored = await store.receivePayment({ ...told, now, until: now + LEASE_MS });
      const { isNew, payment } = stored;
      if (!isNew) {
        metrics.payment('repeated');
        return { ...stored, settled: { kind: 'decided' } };
      }
      metrics.payment(payment.state === 'failed' ? 'failed' : 'received');
      if (payment.state === 'failed') return { ...stored, settled: { kind: 'decided' } };
      return { ...stored, settled: await decide(payment) };
    },
    async sweep(limit) {
      const now = Date.now();
      const due = [...(await store.takePayments({ now, until: now + LEASE_MS, limit }))];
      const work = async (): Promise<void> => {
        for (let next = due.shift(); next !== undefined; next = due.shift()) await decide(next);
      };
      const count = due.length;
      await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
      return count;
    },
  };
}
