// The link under which a buyer pays: its text says what is owed, its signature that we say so. The
// gateway opens a session when somebody follows it, and none before.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { PayableOrder } from './gateway.ts';

const FIELDS = ['order', 'amount', 'currency', 'payBy', 'reference'] as const;

/** The same order has the same link. `payBy` is epoch ms. */
export function payLink(base: string, order: PayableOrder, secret: string): string {
  const query = new URLSearchParams({
    order: order.orderId,
    amount: String(order.amount),
    currency: order.currency,
    payBy: String(order.payBy),
    reference: order.reference,
  });
  query.set('signature', signatureOf(query, secret));
  return `${base}/pay?${query}`;
}

/** What a gateway reads in a link, or undefined when it is none of ours. */
export function readPayLink(query: URLSearchParams, secret: string): PayableOrder | undefined {
  const given = Buffer.from(query.get('signature') ?? '');
  const expected = Buffer.from(signatureOf(query, secret));
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  return {
    orderId: query.get('order') ?? '',
    amount: Number(query.get('amount')),
    currency: query.get('currency') ?? '',
    payBy: Number(query.get('payBy')),
    reference: query.get('reference') ?? '',
  };
}

/** HMAC-SHA256, base64url, over the values in their order, joined by line feeds. */
function signatureOf(query: URLSearchParams, secret: string): string {
  const text = FIELDS.map((field) => query.get(field) ?? '').join('\n');
  return createHmac('sha256', secret).update(`pay-link\n${text}`).digest('base64url');
}
