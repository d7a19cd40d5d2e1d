import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { newPaymentId, tell, untilPayment, WEBHOOK_SECRET } from '../payments/till.ts';
import {
  configOf,
  type EmbeddedOrigin,
  JWT_SECRET,
  startEmbeddedOrigin,
} from '../reserve/embedded-origin.ts';
import { buy, newOrderId, openSale } from '../reserve/shop-front.ts';

const CLI = new URL('../../cli/cli.ts', import.meta.url).pathname;
const run = promisify(execFile);
let origin: EmbeddedOrigin;
beforeAll(async () => {
  const { redis } = inject('services');
  origin = await startEmbeddedOrigin(redis, configOf(redis, { WEBHOOK_SECRET }));
});
afterAll(() => origin.close());

const refund = (...args: string[]) => {
  const env = { PROFILE: 'testing', JWT_SECRET, ORIGIN_PORT: new URL(origin.url).port };
  return run(process.execPath, [CLI, 'order', 'refund', ...args], { env });
};

it('gives the money of a paid order back, and its unit', async () => {
  const sale = await openSale(origin.url, { stock: 1 });
  const { body } = await buy(origin.url, sale, { userId: 'ann' });
  const orderId = String(body.orderId);
  await expect(refund(orderId)).rejects.toMatchObject({
    ...{ code: 1, stderr: expect.stringContaining('The order is not paid.') },
  });
  await tell(origin.url, { orderId, paymentId: newPaymentId() });
  const { stdout } = await refund(orderId, '--restock', '--json');
  expect(JSON.parse(stdout)).toMatchObject({ orderId, status: 'CANCELLED', reason: 'REFUNDED' });
  await untilPayment({ origin }, orderId, { state: 'refunded', cause: 'asked-restock' });
  expect(await buy(origin.url, sale, { userId: 'bob' })).toMatchObject({ status: 201 });
  await expect(refund(newOrderId(sale))).rejects.toMatchObject({ code: 1 });
  await expect(refund()).rejects.toMatchObject({ code: 2 });
});
