// The calls about orders that exist, over HTTP: status, cancel, receipts.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { emptyBodySchema, receiptBodySchema } from '../../shared/payment.ts';
import { BUYER_BODY_LIMIT_BYTES } from '../../shared/purchase.ts';
import { sendRefusal } from '../reply.ts';
import { readBody } from './body.ts';
import { cancelOrder } from './cancel.ts';
import { type OrderAnswer, type OrderCallParts, showStatus } from './order-calls.ts';
import { showReceipt } from './show-receipt.ts';

type OrderRequest = FastifyRequest<{ Params: { orderId: string } }>;
const bodyLimit = BUYER_BODY_LIMIT_BYTES;

export function registerOrderRoutes(app: FastifyInstance, parts: OrderCallParts): void {
  app.get('/api/seckill/status/:orderId', async (request: OrderRequest, reply) =>
    send(request, reply, await showStatus(parts, request.caller, request.params.orderId)),
  );
  app.post('/api/orders/:orderId/cancel', { bodyLimit }, async (request: OrderRequest, reply) => {
    const body = readBody(request, emptyBodySchema);
    if (body.kind === 'refused') return sendRefusal(request, reply, body.refusal);
    return send(request, reply, await cancelOrder(parts, request.caller, request.params.orderId));
  });
  app.post('/api/receipts', { bodyLimit }, async (request, reply) => {
    const body = readBody(request, receiptBodySchema);
    if (body.kind === 'refused') return sendRefusal(request, reply, body.refusal);
    return send(request, reply, await showReceipt(parts, request.caller, body.value.receipt));
  });
}

function send(request: FastifyRequest, reply: FastifyReply, answer: OrderAnswer): FastifyReply {
  if (answer.kind === 'refused') return sendRefusal(request, reply, answer.refusal);
  return reply.code(200).header('cache-control', 'no-store').send(answer.status);
}
