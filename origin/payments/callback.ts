// POST /api/payments/callback: the gateway tells of a payment. The signature is checked over the
// bytes as they came; the edge only hands them on.
import type { FastifyInstance } from 'fastify';
import { parseOrderId } from '../../shared/order-id.ts';
import {
  type PaymentCallback,
  paymentCallbackSchema,
  WEBHOOK_BODY_LIMIT_BYTES,
} from '../../shared/payment.ts';
import type { Refusal } from '../../shared/refusal.ts';
import { InfrastructureError } from '../infrastructure-error.ts';
import { readBody } from '../orders/body.ts';
import type { FindOrder } from '../orders/find-order.ts';
import { sendRefusal } from '../reply.ts';
import type { PaymentMetrics } from './metrics.ts';
import type { Payments, ToldPayment } from './payments.ts';
import type { Settled } from './settled.ts';
import type { CheckWebhook } from './webhook.ts';

export interface CallbackOptions {
  readonly check: CheckWebhook;
  readonly payments: Payments;
  readonly find: FindOrder;
  readonly metrics: PaymentMetrics;
}

export const CALLBACK_PATH = '/api/payments/callback';
const RETRY_SECONDS = 2;
const JSON_TYPE = /^application\/json\s*(;|$)/i;
const AWAY: Refusal = { kind: 'unavailable', retryAfterSeconds: RETRY_SECONDS };
const UNKNOWN: Refusal = { kind: 'unknown-order', showReceipt: false };

export function registerPaymentRoutes(app: FastifyInstance, options: CallbackOptions): void {
  const { check, metrics } = options;
  app.post(
    CALLBACK_PATH,
    { bodyLimit: WEBHOOK_BODY_LIMIT_BYTES, config: { readsAnyType: true } },
    async (request, reply) => {
      const raw = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      if (!check(raw, request.headers)) {
        metrics.payment('signature-invalid');
        return sendRefusal(request, reply, { kind: 'signature-invalid' });
      }
      if (!JSON_TYPE.test(request.headers['content-type'] ?? '')) {
        return sendRefusal(request, reply, { kind: 'unsupported-media-type' });
      }
      const body = readBody(request, paymentCallbackSchema);
      if (body.kind === 'refused') return sendRefusal(request, reply, body.refusal);
      const refusal = await takeCallback(options, body.value);
      return refusal === undefined ? reply.code(204).send() : sendRefusal(request, reply, refusal);
    },
  );
}

/** Undefined when nothing is left for the gateway to do: the payment is stored. */
async function takeCallback(
  options: CallbackOptions,
  callback: PaymentCallback,
): Promise<Refusal | undefined> {
  try {
    return await decide(options, callback);
  } catch (error) {
    if (error instanceof InfrastructureError) return AWAY;
    throw error;
  }
}

async function decide(
  { payments, find, metrics }: CallbackOptions,
  { type, timestamp, data }: PaymentCallback,
): Promise<Refusal | undefined> {
  const { paymentId, orderId, amount, currency, paidAt = timestamp } = data;
  const id = parseOrderId(orderId);
  if (id === undefined) return refuseUnknown(metrics);
  const found = await find(id);
  const isMismatch =
    found.kind === 'order' && (found.order.amount !== amount || found.order.currency !== currency);
  // Not stored: the id stays free for the payment as it should have been told.
  if (isMismatch) return refuseMismatch(metrics);
  if (currency.length !== 3) return refuseUnknown(metrics);
  const outcome = type === 'payment.succeeded' ? 'succeeded' : 'failed';
  const told: ToldPayment = { paymentId, orderId, amount, currency, outcome, paidAt };
  const { payment, settled } = await payments.take(told);
  // The id belongs to another payment: nothing of this one was taken.
  const isOther = payment.orderId !== orderId || payment.amount !== amount;
  if (isOther || payment.currency !== currency) return refuseMismatch(metrics);
  if (found.kind === 'order') return undefined;
  return afterUnknown(metrics, { found: found.kind, settled });
}

/** The order was not found before; its receipt at the gateway may have brought it back. */
function afterUnknown(
  metrics: PaymentMetrics,
  { found, settled }: { readonly found: 'nowhere' | 'unsure'; readonly settled: Settled },
): Refusal | undefined {
  if (settled.kind === 'waits') return settled.why.startsWith('refund') ? undefined : AWAY;
  const isUnknown = settled.kind === 'unknown-order' || settled.kind === 'decided';
  if (!isUnknown) return undefined;
  return found === 'unsure' ? AWAY : refuseUnknown(metrics);
}

function refuseMismatch(metrics: PaymentMetrics): Refusal {
  metrics.payment('amount-mismatch');
  return { kind: 'amount-mismatch' };
}

function refuseUnknown(metrics: PaymentMetrics): Refusal {
  metrics.payment('unknown-order');
  return UNKNOWN;
}
