// Payments on the full stack while the database is away, and across a Redis that lost a PAID which
// the database did not have yet.
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { credentials, startMariadb } from '../../../deploy/local/services/mariadb.ts';
import { startRedis } from '../../../deploy/local/services/redis.ts';
import type { Service } from '../../../deploy/local/services/service.ts';
import { type OriginConfig, parseConfig } from '../../config.ts';
import { type Origin, startOrigin } from '../../origin.ts';
import { migrate } from '../../store/migrate.ts';
import { openStore } from '../../store/open-store.ts';
import type { Store } from '../../store/store.ts';
import { storeTarget } from '../../store/target.ts';
import { fullEnvironment } from '../full-environment.ts';
import { quietLog } from '../quiet-log.ts';
import { environmentOf } from '../reserve/embedded-origin.ts';
import { openSale, untilDecided } from '../reserve/shop-front.ts';
import { read, reserve } from './buyer.ts';
import { newPaymentId, tell, WEBHOOK_SECRET } from './till.ts';

const WITHIN = { timeout: 40_000, interval: 100 };
let services: { readonly redis: Service; readonly database: Service };
let config: OriginConfig;
let store: Store;
beforeAll(async () => {
  const dir = (name: string) => join(inject('scratchDir'), 'paid-full', name);
  const [redis, database] = await Promise.all([
    startRedis({ dir: dir('redis') }),
    startMariadb({ dir: dir('mysql') }),
  ]);
  services = { redis, database };
  const parsed = parseConfig({
    ...environmentOf({ host: redis.host, port: redis.port }),
    ...fullEnvironment({ ...credentials, host: database.host, port: database.port }),
    WEBHOOK_SECRET,
  });
  if (parsed.kind === 'faults') throw new Error(parsed.faults.join('\n'));
  config = parsed.config;
  await migrate(storeTarget(config));
  store = await openStore(storeTarget(config));
});
afterAll(async () => {
  services.database.kill('SIGCONT');
  await store.close();
  await Promise.all([services.redis.stop(), services.database.stop()]);
});

const originWith = (roles: OriginConfig['ROLES'], instance: string): Promise<Origin> =>
  startOrigin({ ...config, ROLES: roles, INSTANCE: instance }, quietLog);
const rowIs = (orderId: string, members: object) =>
  expect.poll(() => store.findOrder(orderId), WITHIN).toMatchObject(members);

it('nobody is cancelled while the database cannot be asked who has paid', async () => {
  const origin = await originWith(config.ROLES, 'all');
  const { url } = origin;
  // Once the writer has taken one order it takes the next at once.
  await rowIs((await reserve(url, await openSale(url), 'zoe')).orderId, { status: 'PENDING' });
  const sale = await openSale(url, { stock: 2, paymentWindowSeconds: 4 });
  const [ann, bob] = [await reserve(url, sale, 'ann'), await reserve(url, sale, 'bob')];
  await rowIs(bob.orderId, { status: 'PENDING' });
  services.database.kill('SIGSTOP');
  const told = { orderId: ann.orderId, paymentId: newPaymentId(), paidAt: ann.payBy - 500 };
  const telling = tell(url, told);
  await expect.poll(Date.now, WITHIN).toBeGreaterThan(bob.payBy + 3_000);
  for (const [order, sub] of [
    [ann, 'ann'],
    [bob, 'bob'],
  ] as const) {
    expect(await read(url, order.orderId, sub)).toMatchObject({ status: 'PENDING' });
  }
  services.database.kill('SIGCONT');
  await telling;
  await expect.poll(async () => (await tell(url, told)).status, WITHIN).toBe(204);
  await rowIs(ann.orderId, { status: 'PAID' });
  await rowIs(bob.orderId, { status: 'CANCELLED', reason: 'EXPIRED' });
  expect(await store.paymentsOfOrders([ann.orderId, bob.orderId])).toHaveLength(1);
  await origin.close();
}, 120_000);

it('a PAID that Redis loses before the database has it is settled again', async () => {
  const shop = await originWith(['api', 'jobs'], 'shop');
  const first = await originWith(['relay', 'writer'], 'behind');
  const { url } = shop;
  const sale = await openSale(url, { stock: 1, paymentWindowSeconds: 600 });
  const order = await reserve(url, sale, 'ann');
  await rowIs(order.orderId, { status: 'PENDING' });
  await first.close();

  const paymentId = newPaymentId();
  expect((await tell(url, { orderId: order.orderId, paymentId })).status).toBe(204);
  expect(await read(url, order.orderId, 'ann')).toMatchObject({ status: 'PAID' });
  const { host, port } = services.redis;
  const redis = new Redis({ host, port, maxRetriesPerRequest: 1 });
  await redis.flushall();
  redis.disconnect();
  expect(await store.findOrder(order.orderId)).toMatchObject({ status: 'PENDING' });

  const second = await originWith(['relay', 'writer'], 'behind-again');
  await rowIs(order.orderId, { status: 'PAID' });
  await untilDecided(url, sale);
  await expect
    .poll(() => store.paymentsOfOrders([order.orderId]), WITHIN)
    .toEqual([expect.objectContaining({ paymentId, state: 'applied' })]);
  expect(await read(url, order.orderId, 'ann')).toMatchObject({ status: 'PAID' });
  await Promise.all([shop.close(), second.close()]);
}, 120_000);
