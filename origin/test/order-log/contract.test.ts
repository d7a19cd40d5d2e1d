// What every order log promises, whichever stands behind the port; all the way to the database.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LoggedEvent } from '../../order-log/order-log.ts';
import { createEvents, epochEvent, openSale, type Sale } from './sale.ts';
import { type Stack, startEmbeddedStack, startFullStack } from './stacks.ts';

const SOON = { timeout: 30_000, interval: 50 };

describe.each([
  { name: 'embedded', start: startEmbeddedStack },
  { name: 'Kafka', start: startFullStack },
])('the order log on $name', ({ start }) => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await start();
  });
  afterAll(() => stack.close());

  const appliedOf = async ({ activityId }: Sale) =>
    (await stack.store.findActivity(activityId))?.applied;
  const seqOf = async (sale: Sale) => (await appliedOf(sale))?.seq;

  test('answers a ping', async () => {
    await expect(stack.orderLog.ping()).resolves.toBeUndefined();
  });

  test('keeps the order of each SKU', async () => {
    const sales = await Promise.all([1, 2, 3].map(() => openSale(stack.store)));
    const lanes = sales.map((sale) => createEvents(sale));
    for (let from = 1; from <= 300; from += 100) {
      const batch = lanes.flatMap((events) => events(from, from + 99));
      expect(await stack.orderLog.append(interleaved(batch, lanes.length))).toEqual({
        stalled: [],
      });
    }
    for (const sale of sales) {
      await expect.poll(() => seqOf(sale), SOON).toBe(300);
      expect(await appliedOf(sale)).toMatchObject({ epoch: 1, sold: 300, alarm: null });
    }
  });

  test('takes repeats, whole and in part, without any change', async () => {
    const sale = await openSale(stack.store);
    const events = createEvents(sale);
    await stack.orderLog.append(events(1, 40));
    await stack.orderLog.append(events(1, 40));
    await stack.orderLog.append(events(31, 60));
    await stack.orderLog.append([...events(51, 60), ...events(61, 80)]);
    await expect.poll(() => seqOf(sale), SOON).toBe(80);
    expect(await appliedOf(sale)).toMatchObject({ sold: 80, alarm: null });
    expect(await stack.store.summary(sale.activityId)).toMatchObject({ orders: 80, sold: 80 });
  });

  test('takes an append of nothing', async () => {
    expect(await stack.orderLog.append([])).toEqual({ stalled: [] });
  });

  test('what nobody could read is one dead letter in its place, and what follows goes on', async () => {
    const sale = await openSale(stack.store);
    const { activityId, skuId } = sale;
    const events = createEvents(sale);
    const entry = {
      ...{ text: '["at","noon"]', reason: 'another form', position: `outbox/${activityId}/1-7` },
      lost: { activityId, skuId, epoch: 1, seq: 7 },
    };
    await stack.orderLog.append(events(1, 5));
    for (let times = 0; times < 2; times += 1) {
      expect(await stack.orderLog.bury(entry)).toEqual({ stalled: [] });
    }
    await stack.orderLog.append(events(8, 9));
    await expect.poll(() => seqOf(sale), SOON).toBe(9);
    expect(await appliedOf(sale)).toMatchObject({ sold: 7, alarmEpoch: 1 });
    const page = { activityId, afterId: 0, limit: 10, which: 'all' } as const;
    expect(await stack.store.deadLettersPage(page)).toMatchObject([
      { ...{ activityId, skuId, epoch: 1, seq: 7, orderId: null }, text: entry.text },
    ]);
  });

  test('a gap stalls its own activity until a new epoch is announced', async () => {
    const [gapped, whole] = [await openSale(stack.store), await openSale(stack.store)];
    const [events, others] = [createEvents(gapped), createEvents(whole)];
    await stack.orderLog.append([...events(1, 5), ...events(7, 9), ...others(1, 9)]);
    await expect.poll(() => seqOf(whole), SOON).toBe(9);
    await expect.poll(async () => (await appliedOf(gapped))?.alarm, SOON).not.toBeNull();
    expect(await seqOf(gapped)).toBe(5);

    const { activityId } = gapped;
    await stack.store.takeEpoch({ activityId, term: 1 });
    await stack.store.announceEpoch({ activityId, epoch: 2 });
    await stack.orderLog.append([...events(7, 9), epochEvent(gapped, 2)]);
    await expect.poll(async () => (await appliedOf(gapped))?.epoch, SOON).toBe(2);
    const [order] = events(7, 7);
    expect(await stack.store.findOrder(orderIdOf(order))).toMatchObject({
      status: 'CANCELLED',
      reason: 'FENCED',
    });
    expect(await seqOf(whole)).toBe(9);
  });
});

/** A1 B1 C1 A2 B2 C2 … from A1 A2 … B1 B2 … C1 C2 …. */
function interleaved(events: readonly LoggedEvent[], lanes: number): LoggedEvent[] {
  const length = events.length / lanes;
  return events.map((_, index) => {
    const event = events[(index % lanes) * length + Math.floor(index / lanes)];
    if (event === undefined) throw new RangeError('lanes of one length are interleaved');
    return event;
  });
}

function orderIdOf(logged: LoggedEvent | undefined): string {
  return logged?.event.order?.orderId ?? '';
}
