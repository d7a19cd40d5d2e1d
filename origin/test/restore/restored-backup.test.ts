// A backup is made in the middle of sales, they go on, and the database is put back: every order
// comes back exactly once, as it was, and selling goes on.
import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { edgeKeys, inventoryKeys } from '../../../shared/keys.ts';
import type { Origin } from '../../origin.ts';
import { cancel, type Reserved, reserve } from '../payments/buyer.ts';
import {
  ADMIN,
  buy,
  createSale,
  openSale,
  type Sale,
  untilDecided,
} from '../reserve/shop-front.ts';
import { sendSigned } from '../signature/signed-client.ts';
import { openRestoreWorld, type RestoreWorld } from './restore-world.ts';

const WITHIN = { timeout: 40_000, interval: 100 };
const TERMS = { stock: 40, limitPerUser: 9, draw: false };
const MEMBERS = [
  'orderId',
  'userId',
  'quantity',
  'amount',
  'status',
  'createdAt',
  'payBy',
] as const;

/** All orders of the sales, their payments, and how many units the database counts as sold. */
const evidence = (world: RestoreWorld, sales: readonly Sale[]) =>
  world.read(async (rows) => {
    const found = [];
    for (const { activityId } of sales) {
      const page = await rows.ordersPage({ activityId, afterOrderId: '', limit: 1_000 });
      const payments = await rows.paymentsOfOrders(page.map(({ orderId }) => orderId));
      found.push({
        orders: page.map((row) => MEMBERS.map((name) => row[name])),
        // In which order they are found again at the gateway is nobody's concern.
        payments: payments
          .map(({ paymentId, orderId, state }) => ({ paymentId, orderId, state }))
          .toSorted((one, two) => (one.paymentId < two.paymentId ? -1 : 1)),
        sold: (await rows.findActivity(activityId))?.applied.sold,
      });
    }
    return found;
  });

const reserveSome = ({ url }: Origin, sale: Sale, names: string): Promise<Reserved[]> =>
  Promise.all(names.split(' ').map((sub) => reserve(url, sale, sub)));

async function rebuilt({ url }: Origin, world: RestoreWorld, sale: Sale): Promise<void> {
  const redis = new Redis({ ...world.redis, maxRetriesPerRequest: 1 });
  await redis.del(inventoryKeys.stock(sale.skuId));
  redis.disconnect();
  const row = () => world.read((rows) => rows.findActivity(sale.activityId));
  await expect.poll(async () => (await row())?.epoch, WITHIN).toBeGreaterThan(1);
  await untilDecided(url, sale);
}

const PAUSED = { status: 503, body: { type: '/problems/paused' } };

async function call(
  { url }: Origin,
  { activityId }: Sale,
  what: 'pause' | 'resume',
): Promise<void> {
  const path = `/api/activities/${activityId}/${what}`;
  expect(await sendSigned(url, { method: 'POST', path, claims: ADMIN })).toMatchObject({
    status: 200,
  });
}

/** Waits until the writer has come to rest behind so many orders, and payments are applied. */
async function atRest(world: RestoreWorld, sales: readonly Sale[], counts: readonly number[]) {
  const isApplied = ({ state }: { state: string }) => state === 'applied';
  await expect
    .poll(async () => {
      const found = await evidence(world, sales);
      return found.map(({ orders, payments }) => payments.every(isApplied) && orders.length);
    }, WITHIN)
    .toEqual(counts);
}

/** Sales before and behind the backup; what each of them holds at the end. */
async function sellAcrossBackup(world: RestoreWorld): Promise<readonly Sale[]> {
  const origin = await world.start();
  const { url } = origin;
  const startAt = new Date(Date.now() + 60_000).toISOString();
  const [early, later] = [await openSale(url, TERMS), await createSale(url, { ...TERMS, startAt })];
  const [first, second, third] = await reserveSome(origin, early, 'ann bob cleo dan');
  if (!first || !second || !third) throw new Error('three orders were made');
  await world.pay(origin, first);
  const rush = reserveSome(origin, early, 'eve fay gus hal ida');
  await world.backUp();
  await rush;

  await world.pay(origin, second);
  expect((await cancel(url, third.orderId, 'cleo')).status).toBe(200);
  await rebuilt(origin, world, early);
  const [fourth] = await reserveSome(origin, early, 'jon kim');
  if (fourth === undefined) throw new Error('an order was made');
  await world.pay(origin, fourth);
  const made = await openSale(url, TERMS);
  const [fifth] = await reserveSome(origin, made, 'ann bob cleo');
  if (fifth === undefined) throw new Error('an order was made');
  await world.pay(origin, fifth);
  await atRest(world, [early, made], [11, 3]);
  await origin.close();
  return [early, made, later];
}

describe.each(['full', 'embedded'] as const)('on the %s stack', (stack) => {
  it('every order comes back exactly once, and a further purchase works', async () => {
    const world = await openRestoreWorld(stack);
    try {
      const [early, made, later] = await sellAcrossBackup(world);
      if (!early || !made || !later) throw new Error('three sales were made');
      const before = await evidence(world, [early, made]);
      await world.putBack();
      expect(await evidence(world, [early, made])).not.toEqual(before);

      const looked = await world.restoreCheck();
      expect(looked.code, looked.stderr).toBe(1);
      const { kind, activities } = JSON.parse(looked.stdout);
      expect(kind).toBe('lacking');
      const findings = [early, made, later].map(({ activityId }) =>
        activities.find((one: { activityId: string }) => one.activityId === activityId),
      );
      expect(findings).toMatchObject([
        { finding: 'behind', newest: expect.stringMatching(/^[2-9]-/) },
        { finding: 'unknown' },
        { finding: 'whole' },
      ]);
      for (const expected of ['readied', stack === 'full' ? 'readied' : 'whole']) {
        const applied = await world.restoreCheck('--apply');
        expect(applied.code, applied.stdout + applied.stderr).toBe(0);
        expect(JSON.parse(applied.stdout)).toMatchObject({ kind: expected });
      }

      const origin = await world.start();
      await untilDecided(origin.url, early);
      await untilDecided(origin.url, made);
      await atRest(world, [early, made], [11, 3]);
      expect(await evidence(world, [early, made])).toEqual(before);
      for (const sale of [early, made]) {
        expect(await buy(origin.url, sale, { userId: 'zoe' })).toMatchObject({ status: 201 });
      }
      await atRest(world, [early, made], [12, 4]);
      await origin.close();
      const whole = await world.restoreCheck();
      expect(JSON.parse(whole.stdout)).toMatchObject({ kind: 'whole' });
      expect(whole.code).toBe(0);
    } finally {
      await world.close();
    }
  }, 180_000);
});

it('no term is given again, and a pause holds, though no order is lacking', async () => {
  const world = await openRestoreWorld('embedded');
  try {
    const first = await world.start();
    const sale = await openSale(first.url, TERMS);
    const clock = new Redis({ ...world.redis, maxRetriesPerRequest: 1 });
    const term = async () => Number(await clock.hget(edgeKeys.lineClock(sale.skuId), 'term'));
    await expect.poll(term, WITHIN).toBe(1);
    await world.backUp();
    await first.close();
    const next = await world.start();
    await expect.poll(term, WITHIN).toBe(2);
    await call(next, sale, 'pause');
    await expect.poll(() => buy(next.url, sale, { userId: 'ann' }), WITHIN).toMatchObject(PAUSED);
    await next.close();
    await world.putBack();
    const looked = await world.restoreCheck();
    expect(looked.code).toBe(1);
    expect(JSON.parse(looked.stdout)).toMatchObject({ kind: 'lacking', terms: 'went-back' });
    expect((await world.restoreCheck('--apply')).code).toBe(0);
    const last = await world.start();
    await expect.poll(term, WITHIN).toBeGreaterThan(2);
    const bought = () => buy(last.url, sale, { userId: 'ann' });
    await expect.poll(bought, WITHIN).toMatchObject(PAUSED);
    await call(last, sale, 'resume');
    await expect.poll(bought, WITHIN).toMatchObject({ status: 201 });
    clock.disconnect();
    await last.close();
  } finally {
    await world.close();
  }
}, 120_000);

it('where Kafka lost the log as well, orders come back from Redis', async () => {
  const world = await openRestoreWorld('full');
  try {
    const [early, made] = await sellAcrossBackup(world);
    if (!early || !made) throw new Error('two sales were made');
    const before = await evidence(world, [early, made]);
    await world.putBack();
    world.loseLog();
    const applied = await world.restoreCheck('--apply');
    expect(applied.code, applied.stdout + applied.stderr).toBe(0);
    const report = JSON.parse(applied.stdout);
    expect(report).toMatchObject({ kind: 'readied', records: 0, payments: { found: 3 } });

    const origin = await world.start();
    await untilDecided(origin.url, early);
    await untilDecided(origin.url, made);
    await atRest(world, [early, made], [11, 3]);
    expect(await evidence(world, [early, made])).toEqual(before);
    expect(await buy(origin.url, early, { userId: 'zoe' })).toMatchObject({ status: 201 });
    await atRest(world, [early, made], [12, 3]);
    await origin.close();
  } finally {
    await world.close();
  }
}, 180_000);
