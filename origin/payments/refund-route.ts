// POST /api/admin/orders/{orderId}/refund: an operator gives the money of a PAID order back, and says
// whether its units are for sale again.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import * as v from 'valibot';
import { type OrderIdParts, parseOrderId } from '../../shared/order-id.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { readBody } from '../orders/body.ts';
import type { OrderAnswer } from '../orders/order-calls.ts';
import {
  type OrderCallParts,
  refused,
  shown,
  UNAVAILABLE,
  whileAway,
} from '../orders/order-calls.ts';
import { sendRefusal } from '../reply.ts';
import type { PaymentsStore } from '../store/payments-port.ts';
import type { Store } from '../store/store.ts';
import { endPaidOrder } from './refund.ts';

export interface RefundParts
  extends Pick<OrderCallParts, 'find' | 'gateway' | 'receipts' | 'payments'> {
  readonly store: PaymentsStore & Pick<Store, 'findOrder' | 'findActivity'>;
  readonly inventory: Pick<Inventory, 'release' | 'void' | 'remindOfPaid'>;
}

const refundSchema = v.strictObject({ restock: v.optional(v.boolean(), false) });
const MAX_SWEEP = 100;
const NOT_PAID = refused({
  kind: 'invalid',
  errors: [{ pointer: '', code: 'invalid', detail: 'The order is not paid.' }],
});

export function registerRefundRoute(app: FastifyInstance, parts: RefundParts): void {
  app.post(
    '/api/admin/orders/:orderId/refund',
    async (request: FastifyRequest<{ Params: { orderId: string } }>, reply) => {
      if (request.caller.role !== 'admin') {
        return sendRefusal(request, reply, { kind: 'forbidden' });
      }
      const id = parseOrderId(request.params.orderId);
      const body = readBody(request, refundSchema);
      if (body.kind === 'refused') return sendRefusal(request, reply, body.refusal);
      if (id === undefined) {
        return sendRefusal(request, reply, { kind: 'unknown-order', showReceipt: false });
      }
      const { restock } = body.value;
      const answer = await whileAway(() => refundOrder(parts, id, { restock }));
      if (answer.kind === 'refused') return sendRefusal(request, reply, answer.refusal);
      return reply.code(200).send(answer.status);
    },
  );
}

/** The wish is stored first, with its payment; a crash behind that leaves the rest to the sweep. */
async function refundOrder(
  parts: RefundParts,
  id: OrderIdParts,
  { restock }: { readonly restock: boolean },
): Promise<OrderAnswer> {
  const found = await parts.find(id);
  if (found.kind === 'unsure') return UNAVAILABLE;
  if (found.kind === 'nowhere') return refused({ kind: 'unknown-order', showReceipt: false });
  const { orderId, status } = found.order;
  if (status === 'CANCELLED') return shown(parts, found);
  if (status === 'PENDING') return NOT_PAID;
  const cause = restock ? 'asked-restock' : 'asked';
  const isAsked = await parts.store.askRefund({ orderId, cause, now: Date.now() });
  if (isAsked) await parts.payments.sweep(MAX_SWEEP);
  // Paid for by nothing that is stored: only the order can be ended here.
  const ended = isAsked ? 'ended' : await endPaidOrder(parts, { orderId, restock });
  if (ended !== 'ended') return UNAVAILABLE;
  const after = await parts.find(id);
  return after.kind === 'order' ? shown(parts, after) : UNAVAILABLE;
}
