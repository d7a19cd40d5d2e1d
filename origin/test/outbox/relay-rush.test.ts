// Much at once and an order log that fails now and then: in the database no order twice, none
// lost, none out of order.
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { InfrastructureError } from '../../infrastructure-error.ts';
import type { LoggedEvent, OrderLog } from '../../order-log/order-log.ts';
import { runRelay } from '../../outbox/relay.ts';
import { openSale, type Sale } from '../order-log/sale.ts';
import { type Stack, startEmbeddedStack } from '../order-log/stacks.ts';
import { quietLog } from '../quiet-log.ts';
import { openShop, type Shop } from './shop.ts';

const SOON = { timeout: 40_000, interval: 50 };
const LANES = 5;
const BATCHES = 60;
const BUYERS = 40;
const { redis } = inject('services');

let stack: Stack;
let shop: Shop;
beforeAll(async () => {
  stack = await startEmbeddedStack();
  shop = await openShop(redis);
});
afterAll(async () => {
  shop.close();
  await stack.close();
});

type Relayed = Pick<OrderLog, 'append' | 'bury'>;

/** Refuses one append in five: half of those after it has taken the events. */
function failingNowAndThen(orderLog: OrderLog): Relayed & { refused: number } {
  let calls = 0;
  return {
    bury: orderLog.bury,
    refused: 0,
    async append(events: readonly LoggedEvent[]) {
      calls += 1;
      const isRefused = calls % 5 === 0;
      if (isRefused) this.refused += 1;
      if (isRefused && calls % 2 === 0) throw away();
      const result = await orderLog.append(events);
      if (isRefused) throw away();
      return result;
    },
  };
}
const away = () => new InfrastructureError('order-log-away', 'this test says so');

async function sell(sale: Sale): Promise<string[]> {
  const orders: string[] = [];
  for (let batch = 0; batch < BATCHES; batch += 1) {
    orders.push(...(await shop.reserve(sale, BUYERS)));
  }
  return orders;
}

test('a rush over several lanes arrives whole and in order through failing appends', async () => {
  const sales = await Promise.all(Array.from({ length: LANES }, () => openSale(stack.store)));
  for (const sale of sales) await shop.load(sale);
  const [early, ...late] = sales;
  if (early === undefined) throw new Error('a test without a sale');
  const earlyOrders = await sell(early);

  const abort = new AbortController();
  const orderLog = failingNowAndThen(stack.orderLog);
  const lanes = () => sales;
  const relay = runRelay({ signal: abort.signal, redis, lanes, orderLog, log: quietLog });
  const orders = [earlyOrders, ...(await Promise.all(late.map(sell)))];
  for (const sale of sales) await expect.poll(() => shop.waiting(sale), SOON).toBe(0);
  abort.abort();
  await relay;

  expect(orderLog.refused).toBeGreaterThan(0);
  for (const [index, sale] of sales.entries()) {
    const { activityId } = sale;
    const count = BATCHES * BUYERS;
    const applied = (await stack.store.findActivity(activityId))?.applied;
    expect(applied).toMatchObject({ seq: count, sold: count, alarm: null });
    const rows = await stack.store.ordersPage({ activityId, afterOrderId: '', limit: 10_000 });
    const inOrder = rows.toSorted((one, other) => one.seq - other.seq);
    expect(inOrder.map(({ orderId }) => orderId)).toEqual(orders[index]);
  }
});
