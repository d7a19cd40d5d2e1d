// A buyer whose order exists is told of it whatever the time, also once Redis knows nothing of its
// activity any more.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sendSigned } from '../signature/signed-client.ts';
import { type EmbeddedOrigin, startEmbeddedOrigin } from './embedded-origin.ts';
import { ADMIN, buy, newOrderId, openSale, purchaseCall, SOON } from './shop-front.ts';

let origin: EmbeddedOrigin;
beforeAll(async () => {
  origin = await startEmbeddedOrigin();
});
afterAll(() => origin.close());

it('a purchase of a closed activity is answered with its order, or that the sale is over', async () => {
  const { url } = origin;
  const sale = await openSale(url);
  const purchase = { userId: 'eve', orderId: newOrderId(sale) };
  const first = await buy(url, sale, purchase);
  expect(first.status).toBe(201);
  const claims = { sub: 'eve' };
  const cancel = { path: `/api/orders/${purchase.orderId}/cancel`, body: '', claims };
  const cancelled = await sendSigned(url, cancel);
  expect(cancelled.status).toBe(200);
  const path = `/api/activities/${sale.activityId}`;
  await sendSigned(url, { path: `${path}/end`, body: '', claims: ADMIN });
  const state = async () => (await origin.rows.findActivity(sale.activityId))?.state;
  await expect.poll(state, SOON).toBe('CLOSED');

  const again = await buy(url, sale, purchase);
  const { ledgerHead: _, ...told } = first.body;
  expect(again).toMatchObject({ status: 201, body: { ...told, status: 'CANCELLED' } });
  const call = purchaseCall(sale, { ...purchase, orderId: newOrderId(sale) });
  const body = JSON.stringify({ quantity: 1, follows: purchase.orderId });
  expect(await sendSigned(url, { ...call, body })).toMatchObject({
    status: 201,
    body: { orderId: purchase.orderId },
  });

  const stranger = await buy(url, sale, { ...purchase, userId: 'mallory' });
  expect(stranger).toMatchObject({ status: 404, body: { type: '/problems/unknown-order' } });
  const late = await buy(url, sale, { userId: 'zoe' });
  expect(late).toMatchObject({ status: 409, body: { type: '/problems/ended' } });
});
