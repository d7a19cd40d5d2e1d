// What a buyer does with an order: reserves, pays at the gateway's page, reads, cancels.
import { expect } from 'vitest';
import { buy, type Sale, statusOf } from '../reserve/shop-front.ts';
import { type Answer, sendSigned } from '../signature/signed-client.ts';

export interface Reserved {
  readonly orderId: string;
  readonly payBy: number;
  readonly paymentUrl: string;
  readonly receipt: string;
}

export async function reserve(origin: string, sale: Sale, userId: string): Promise<Reserved> {
  const { status, body } = await buy(origin, sale, { userId });
  expect(status, JSON.stringify(body)).toBe(201);
  return {
    orderId: String(body.orderId),
    payBy: Date.parse(String(body.payBy)),
    paymentUrl: String(body.paymentUrl),
    receipt: String(body.receipt),
  };
}

export const read = async (origin: string, orderId: string, sub: string) =>
  (await statusOf(origin, orderId, { sub })).body;

export const cancel = (origin: string, orderId: string, sub: string): Promise<Answer> =>
  sendSigned(origin, {
    ...{ method: 'POST', path: `/api/orders/${orderId}/cancel`, claims: { sub } },
  });

export const showReceipt = (origin: string, receipt: string, sub: string): Promise<Answer> =>
  sendSigned(origin, {
    ...{ path: '/api/receipts', body: JSON.stringify({ receipt }), claims: { sub } },
  });

export const refund = (
  origin: string,
  orderId: string,
  { restock, role }: { readonly restock: boolean; readonly role?: 'admin' },
): Promise<Answer> =>
  sendSigned(origin, {
    path: `/api/admin/orders/${orderId}/refund`,
    body: JSON.stringify({ restock }),
    claims: { sub: 'ada', ...(role && { role }) },
  });

/** Opens the page, presses a button; the answer's status. */
export async function payAtPage(url: string, decision: 'pay' | 'decline' = 'pay'): Promise<number> {
  const shown = await fetch(url);
  await shown.text();
  if (shown.status !== 200) return shown.status;
  const answer = await fetch(url, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: `decision=${decision}`,
  });
  await answer.text();
  return answer.status;
}
