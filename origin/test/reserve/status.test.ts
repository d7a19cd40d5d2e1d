import { afterAll, beforeAll, expect, it } from 'vitest';
import { type EmbeddedOrigin, startEmbeddedOrigin } from './embedded-origin.ts';
import { ADMIN, buy, newOrderId, openSale, type Sale, SOON, statusOf } from './shop-front.ts';

let origin: EmbeddedOrigin;
let sale: Sale;
beforeAll(async () => {
  origin = await startEmbeddedOrigin();
  sale = await openSale(origin.url, { limitPerUser: 2 });
});
afterAll(() => origin.close());

it('shows an order to its owner and to admins as the 201 did, and at last as persisted', async () => {
  const { body } = await buy(origin.url, sale, { userId: 'ann', quantity: 2 });
  const { state: _state, receipt: _receipt, ledgerHead: _head, ...members } = body;
  for (const claims of [{ sub: 'ann' }, ADMIN]) {
    const shown = await statusOf(origin.url, body.orderId, claims);
    expect(shown).toMatchObject({ status: 200, body: members });
    expect(typeof shown.body.persisted).toBe('boolean');
    await expect
      .poll(async () => (await statusOf(origin.url, body.orderId, claims)).body, SOON)
      .toEqual({ ...members, persisted: true });
  }
});

it('is 404 for everybody else, as if there were no such order', async () => {
  const { body } = await buy(origin.url, sale, { userId: 'bob' });
  const shown = await statusOf(origin.url, body.orderId, { sub: 'cid' });
  expect(shown).toMatchObject({ status: 404, body: { type: '/problems/unknown-order' } });
  expect(shown.body).not.toHaveProperty('showReceipt');
  expect(await statusOf(origin.url, body.orderId, {})).toMatchObject({ status: 404 });
});

it('asks for the receipt where nobody knows the order of a live sale', async () => {
  const shown = await statusOf(origin.url, newOrderId(sale), { sub: 'ann' });
  expect(shown).toMatchObject({
    status: 404,
    body: { type: '/problems/unknown-order', showReceipt: true },
  });
});

it.each([
  'x',
  `nosale-01ARZ3NDEKTSV4RRFFQ69G5FAV`,
  '%7B%7D-01ARZ3NDEKTSV4RRFFQ69G5FAV',
  '%2e%2e%2f',
])('is 404 for the order id %s, and no receipt could help', async (orderId) => {
  const shown = await statusOf(origin.url, orderId, { sub: 'ann' });
  expect(shown).toMatchObject({ status: 404 });
  expect(shown.body).not.toHaveProperty('showReceipt');
});
