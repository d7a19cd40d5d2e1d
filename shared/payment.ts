// The body of a payment callback, and of what its buyer asks of an order.
import * as v from 'valibot';
import { RECEIPT_MAX_LENGTH } from './receipt.ts';

export const WEBHOOK_BODY_LIMIT_BYTES = 64 * 1024;
export const WEBHOOK_HEADERS = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const;

const time = v.pipe(
  v.string(),
  v.maxLength(40),
  v.regex(/^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})$/),
  v.transform((text) => Date.parse(text)),
  v.check((ms) => Number.isSafeInteger(ms) && ms >= 0, 'Must be an RFC 3339 time.'),
);

export const paymentCallbackSchema = v.strictObject({
  type: v.picklist(['payment.succeeded', 'payment.failed']),
  timestamp: time,
  data: v.strictObject({
    // Printable ASCII without blanks: databases differ in what they make of the rest.
    paymentId: v.pipe(v.string(), v.regex(/^[\x21-\x7e]{1,128}$/, 'Must be a payment id.')),
    orderId: v.pipe(v.string(), v.minLength(1), v.maxLength(256)),
    amount: v.pipe(v.number(), v.safeInteger('Must be whole minor units.'), v.minValue(0)),
    currency: v.pipe(v.string(), v.minLength(1), v.maxLength(16)),
    paidAt: v.optional(time),
  }),
});
export type PaymentCallback = v.InferOutput<typeof paymentCallbackSchema>;

export const receiptBodySchema = v.strictObject({
  receipt: v.pipe(v.string(), v.minLength(1), v.maxLength(RECEIPT_MAX_LENGTH)),
});

/** Of calls that say everything in their path. */
export const emptyBodySchema = v.strictObject({});
