// What is counted of payments. No ids, and a closed set of outcomes.
import { Counter, type Registry } from 'prom-client';

export const PAYMENT_OUTCOMES = [
  'received',
  'repeated',
  'applied',
  'failed',
  'refund-due',
  'refunded',
  'amount-mismatch',
  'unknown-order',
  'signature-invalid',
  'gateway-away',
] as const;
export type PaymentOutcome = (typeof PAYMENT_OUTCOMES)[number];

export interface PaymentMetrics {
  payment(outcome: PaymentOutcome): void;
  /** An order is paid for: told once per order. */
  applied(): void;
  /** An order ran out of time to pay. */
  expired(): void;
  /** A payment that was found at the gateway, for its callback had not come. */
  repaired(): void;
}

export function createPaymentMetrics(
  register: Registry,
  { onPaid }: { readonly onPaid: () => void },
): PaymentMetrics {
  const registers = [register];
  const payments = new Counter({
    name: 'seckill_payments_total',
    help: 'Payments by what became of them.',
    labelNames: ['outcome'],
    registers,
  });
  const expired = new Counter({
    name: 'seckill_orders_expired_total',
    help: 'Orders cancelled because nobody had paid in time.',
    registers,
  });
  const repaired = new Counter({
    name: 'seckill_payments_repaired_total',
    help: 'Payments found at the gateway whose callback had not come.',
    registers,
  });
  for (const outcome of PAYMENT_OUTCOMES) payments.inc({ outcome }, 0);
  return {
    payment: (outcome) => payments.inc({ outcome }),
    applied() {
      payments.inc({ outcome: 'applied' });
      onPaid();
    },
    expired: () => expired.inc(),
    repaired: () => repaired.inc(),
  };
}
