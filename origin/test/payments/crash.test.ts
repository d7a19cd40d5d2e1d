// An origin that is killed while payments come: what it said 204 to is kept, what it did not is told
// again, and each order is paid for once.
import { randomInt } from 'node:crypto';
import { expect, inject, it } from 'vitest';
import { openSale } from '../reserve/shop-front.ts';
import { freshEnvironment, rowsOfProcess, startOriginProcess } from '../shutdown/origin-process.ts';
import { reserve } from './buyer.ts';
import { newPaymentId, tell, WEBHOOK_SECRET, WITHIN } from './till.ts';

const ORDERS = 30;
const ROUNDS = 3;

it('loses no payment, and takes none twice, whenever it is killed', async () => {
  const environment = {
    ...(await freshEnvironment(inject('services').redis)),
    WEBHOOK_SECRET,
  };
  let origin = await startOriginProcess(environment);
  const rows = await rowsOfProcess(environment);
  try {
    const sale = await openSale(origin.url, { stock: ORDERS, limitPerUser: 100 });
    const people = Array.from({ length: ORDERS }, (_, n) => `user-${n}`);
    const reserved = await Promise.all(people.map((sub) => reserve(origin.url, sale, sub)));
    let untold = reserved.map(({ orderId }) => ({ orderId, paymentId: newPaymentId() }));
    const all = untold;
    for (let round = 0; round < ROUNDS; round += 1) {
      const dying = origin;
      // In the last round all may have been heard already.
      const killAfter = randomInt(1, 2 + Math.floor(untold.length / 2));
      let answered = 0;
      const heard = await Promise.all(
        untold.map(async (told) => {
          const { status } = await tell(dying.url, told).catch(() => ({ status: 0 }));
          answered += 1;
          if (answered === killAfter) dying.child.kill('SIGKILL');
          return { told, isKept: status === 204 };
        }),
      );
      await dying.end('SIGKILL');
      untold = heard.filter(({ isKept }) => !isKept).map(({ told }) => told);
      origin = await startOriginProcess(environment);
    }
    for (const told of untold) {
      await expect.poll(async () => (await tell(origin.url, told)).status, WITHIN).toBe(204);
    }
    for (const { orderId, paymentId } of all) {
      await expect
        .poll(() => rows.paymentsOfOrders([orderId]), WITHIN)
        .toEqual([expect.objectContaining({ paymentId, state: 'applied' })]);
      expect(await rows.findOrder(orderId)).toMatchObject({ status: 'PAID' });
    }
  } finally {
    await rows.close();
    await origin.end('SIGTERM');
  }
}, 120_000);
