// What an operator asks of a running origin: do Redis and the database say the same?
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { inventoryKeys } from '../../../shared/keys.ts';
import { mintUlid } from '../../../shared/order-id.ts';
import { mintToken } from '../../cli/mint.ts';
import {
  type EmbeddedOrigin,
  JWT_SECRET,
  startEmbeddedOrigin,
} from '../reserve/embedded-origin.ts';
import { buy, openSale, type Sale, SOON } from '../reserve/shop-front.ts';

const ORDERS = 5;

describe('reconcile', () => {
  let origin: EmbeddedOrigin;
  let redis: Redis;
  beforeAll(async () => {
    origin = await startEmbeddedOrigin();
    redis = new Redis(inject('services').redis);
  });
  afterAll(async () => {
    redis.disconnect();
    await origin.close();
  });

  async function saleWithOrders(): Promise<Sale> {
    const sale = await openSale(origin.url);
    for (let buyer = 1; buyer <= ORDERS; buyer += 1) {
      const answer = await buy(origin.url, sale, { userId: `buyer-${buyer}` });
      expect(answer.status).toBe(201);
    }
    await vi.waitFor(async () => {
      expect((await origin.rows.summary(sale.activityId)).orders).toBe(ORDERS);
    }, SOON);
    return sale;
  }

  async function ask({ activityId }: Sale, query = '', role: 'admin' | 'nobody' = 'admin') {
    const claims = role === 'nobody' ? { sub: 'somebody' } : { sub: 'ada', role };
    const response = await fetch(`${origin.url}/api/admin/reconcile/${activityId}${query}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await mintToken(claims, JWT_SECRET)}` },
    });
    return { status: response.status, body: await response.json() };
  }

  it('finds nothing in a healthy sale, and is an administrator’s alone', async () => {
    const sale = await saleWithOrders();
    expect(await ask(sale)).toMatchObject({
      status: 200,
      body: { kind: 'agree', comparison: { inFlight: 0, orders: ORDERS, users: ORDERS } },
    });
    expect((await ask(sale, '', 'nobody')).status).toBe(403);
    expect((await ask(sale, '?most=0')).status).toBe(400);
    expect((await ask({ ...sale, activityId: 'nothing' })).status).toBe(404);
  });

  // What the watcher sees by itself (stock, sold, the count of unpaid orders) it mends by itself.
  it('names users that differ, changes nothing unasked, and repairs', async () => {
    const sale = await saleWithOrders();
    const countOf = (user: string) => inventoryKeys.userPurchase(sale.skuId, user);
    await redis.set(countOf('buyer-1'), '7');
    await redis.set(countOf('buyer-2'), '0');
    const differences = [
      { what: 'user buyer-1', redis: '7', database: '1' },
      { what: 'user buyer-2', redis: '0', database: '1' },
    ];
    expect((await ask(sale)).body).toMatchObject({ kind: 'differ', comparison: { differences } });
    expect((await ask(sale, '?repair=yes&most=1')).body).toMatchObject({ kind: 'too-many' });
    expect(await redis.get(countOf('buyer-1'))).toBe('7');
    expect((await ask(sale, '?repair=yes')).body).toMatchObject({
      kind: 'repaired',
      after: { differences: [] },
    });
    expect(await redis.get(countOf('buyer-1'))).toBe('1');
  }, 60_000);

  it('finds orders that Redis alone knows, and a repair forgets them', async () => {
    const sale = await saleWithOrders();
    const { skuId } = sale;
    const ulid = mintUlid(Date.now());
    const batch = '1-99';
    await redis.hset(inventoryKeys.orders(skuId), batch, `-\n${ulid} ghost 1 2500 1 2 1 99`);
    await redis.set(inventoryKeys.orderStatus({ skuId, ulid }), 'PAID');
    const differences = [{ what: 'orders', redis: String(ORDERS + 1), database: String(ORDERS) }];
    expect((await ask(sale)).body).toMatchObject({ kind: 'differ', comparison: { differences } });
    expect((await ask(sale, '?repair=yes')).body).toMatchObject({ after: { differences: [] } });
    expect(await redis.hexists(inventoryKeys.orders(skuId), batch)).toBe(0);
  }, 60_000);

  it('finds events that neither outbox nor log nor database has, and a repair does without', async () => {
    const sale = await saleWithOrders();
    await redis.incr(inventoryKeys.sequence(sale.skuId));
    const [made, has] = [`made up to ${ORDERS + 1}`, `has up to ${ORDERS}`];
    const differences = [{ what: 'events', redis: made, database: has }];
    expect((await ask(sale)).body).toMatchObject({ kind: 'differ', comparison: { differences } });
    expect((await ask(sale, '?repair=yes')).body).toMatchObject({
      ...{ kind: 'repaired', after: { inFlight: 0, differences: [] } },
    });
  }, 60_000);

  it('a 201 carries the head of the ledger, which stands in it later too', async () => {
    const sale = await saleWithOrders();
    const answer = await buy(origin.url, sale, { userId: 'the-last' });
    const { activityId } = sale;
    const pages = await origin.rows.ledgerPages({ activityId, afterId: 0, limit: 100 });
    expect(pages.map(({ head }) => head)).toContain(answer.body.ledgerHead);
  });
});
