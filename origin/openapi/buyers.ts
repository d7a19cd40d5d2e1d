// Operations of buyers and of the payment gateway.
import * as v from 'valibot';
import { attestationBodySchema } from '../../shared/device.ts';
import { emptyBodySchema, paymentCallbackSchema, receiptBodySchema } from '../../shared/payment.ts';
import { developmentTokenBodySchema, purchaseBodySchema } from '../../shared/purchase.ts';
import type { RefusalKind } from '../../shared/refusal.ts';
import type { Operation } from './operation.ts';

const SKU = { skuId: 'The item: [A-Za-z0-9_]{1,32}.' };
const ORDER = { orderId: 'As a 201 or 202 told it.' };
const BODY: readonly RefusalKind[] = ['malformed', 'too-large', 'unsupported-media-type'];
const STATUS = { 200: { about: 'The order.', schema: 'OrderStatus' } };

export const buyerOperations: readonly Operation[] = [
  {
    ...{ method: 'post', path: '/api/seckill/{skuId}', id: 'purchase', tag: 'Buyers' },
    summary: 'Buy: an order, or a place in line. Repeat it as often as you like.',
    ...{ who: 'buyer', params: SKU, body: purchaseBodySchema },
    headers: { 'X-Device-Token': false, 'X-Page-Token': false },
    answers: {
      201: { about: 'Reserved, also for every repeat.', schema: 'Reserved' },
      202: { about: 'In line, or not known yet.', schema: 'Place' },
    },
    refusals: [
      ...BODY,
      ...(['unauthenticated', 'unknown-sku', 'rate-limited', 'not-open', 'ended'] as const),
      ...(['sold-out', 'refused', 'challenge-required', 'lapsed', 'ticket-invalid'] as const),
      ...(['line-full', 'limit-reached', 'paused', 'fenced', 'busy', 'unavailable'] as const),
    ],
  },
  {
    ...{ method: 'get', path: '/api/seckill/queue/{ticket}', id: 'poll', tag: 'Buyers' },
    summary: 'How a place in line stands.',
    ...{ who: 'anybody', params: { ticket: 'The text of a 202.' } },
    answers: { 200: { about: 'The place.', schema: 'Place' } },
    refusals: ['unknown-ticket', 'rate-limited', 'unavailable'],
  },
  {
    ...{ method: 'get', path: '/api/seckill/status/{orderId}', id: 'status', tag: 'Buyers' },
    summary: 'What became of an order.',
    ...{ who: 'buyer', params: ORDER, answers: STATUS },
    refusals: ['unauthenticated', 'unknown-order', 'rate-limited', 'busy', 'fenced', 'unavailable'],
  },
  {
    ...{ method: 'post', path: '/api/orders/{orderId}/cancel', id: 'cancel', tag: 'Buyers' },
    summary: 'Give an order back that is not paid.',
    ...{ who: 'buyer', params: ORDER, body: emptyBodySchema, answers: STATUS },
    refusals: [
      ...BODY,
      ...(['unauthenticated', 'unknown-order', 'already-paid', 'rate-limited'] as const),
      ...(['busy', 'fenced', 'unavailable'] as const),
    ],
  },
  {
    ...{ method: 'post', path: '/api/receipts', id: 'receipt', tag: 'Buyers' },
    summary: 'Show the receipt of an order that nobody seems to know.',
    ...{ who: 'buyer', body: receiptBodySchema, answers: STATUS },
    refusals: [
      ...BODY,
      ...(['unauthenticated', 'unknown-order', 'rate-limited', 'busy'] as const),
      ...(['fenced', 'unavailable'] as const),
    ],
  },
  {
    ...{ method: 'get', path: '/api/sales/{skuId}', id: 'sale', tag: 'Buyers' },
    summary: 'How a sale stands; may be a second old.',
    ...{ who: 'anybody', params: SKU },
    answers: { 200: { about: 'The sale.', schema: 'Sale' } },
    refusals: ['unknown-sku', 'rate-limited', 'unavailable'],
  },
  {
    ...{ method: 'get', path: '/api/sales/{skuId}/draw', id: 'draw', tag: 'Buyers' },
    summary: 'The public list of a draw, a page at a time: what anybody needs to check it.',
    ...{ who: 'anybody', params: SKU },
    query: { from: v.pipe(v.number(), v.integer(), v.minValue(0)) },
    answers: { 200: { about: 'A page of the list.', schema: 'DrawPage' } },
    refusals: ['unknown-sku', 'rate-limited', 'unavailable'],
  },
  {
    ...{ method: 'get', path: '/api/challenge', id: 'challenge', tag: 'Buyers' },
    summary: 'A proof of work to be solved for a device token.',
    ...{ who: 'buyer', answers: { 200: { about: 'The challenge.', schema: 'Challenge' } } },
    refusals: ['unauthenticated', 'rate-limited', 'unavailable'],
  },
  {
    ...{ method: 'post', path: '/api/device', id: 'device', tag: 'Buyers' },
    summary: 'Show a device and a solved challenge; get the token that purchases need.',
    ...{ who: 'buyer', body: attestationBodySchema },
    answers: { 200: { about: 'The token.', schema: 'DeviceToken' } },
    refusals: [
      ...BODY,
      ...(['proof-invalid', 'unauthenticated', 'refused', 'proof-used', 'rate-limited'] as const),
      'unavailable',
    ],
  },
  {
    ...{ method: 'post', path: '/api/payments/callback', id: 'payment', tag: 'Payments' },
    summary: 'What a payment gateway tells: Standard Webhooks.',
    ...{ who: 'gateway', body: paymentCallbackSchema },
    headers: { 'webhook-id': true, 'webhook-timestamp': true, 'webhook-signature': true },
    answers: { 204: { about: 'Taken, also when repeated.' } },
    refusals: [
      ...BODY,
      ...(['signature-invalid', 'unknown-order', 'amount-mismatch'] as const),
      ...(['rate-limited', 'busy', 'fenced', 'unavailable'] as const),
    ],
  },
  {
    ...{ method: 'post', path: '/api/dev/token', id: 'developmentToken', tag: 'Development' },
    summary: 'A bearer token for anybody; profiles local and testing only.',
    ...{ who: 'anybody', body: v.required(developmentTokenBodySchema, ['userId']) },
    answers: { 200: { about: 'The token, for an hour.', schema: 'Token' } },
    refusals: BODY,
  },
];
