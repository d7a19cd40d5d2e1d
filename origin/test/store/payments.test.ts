import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSaleReceipt } from '../../ledger/make-sale-receipt.ts';
import { verifySaleReceipt } from '../../ledger/sale-receipt.ts';
import type { Store } from '../../store/store.ts';
import { DATABASES, openSale } from './stores.ts';

describe.each(DATABASES)('payments on $name', ({ open }) => {
  let store: Store;
  beforeAll(async () => {
    store = await open();
  });
  afterAll(() => store.close());

  let minted = 0;
  const payment = (changes: Readonly<Record<string, unknown>> = {}) => {
    minted += 1;
    return {
      ...{ paymentId: `pay-${minted}`, orderId: `order-${minted}`, amount: 500, currency: 'EUR' },
      ...{ outcome: 'succeeded' as const, paidAt: 7_000, now: 8_000, until: 9_000 },
      ...changes,
    };
  };

  it('are stored once, however often and however differently they are told', async () => {
    const told = payment();
    const stored = await Promise.all([1, 2, 3].map(() => store.receivePayment(told)));
    expect(stored.filter(({ isNew }) => isNew)).toHaveLength(1);
    const again = await store.receivePayment({ ...told, amount: 1, orderId: 'another' });
    expect(again).toMatchObject({ isNew: false, payment: { amount: 500, orderId: told.orderId } });
    expect(await store.findPayment(told.paymentId)).toMatchObject({
      ...{ state: 'received', paidAt: 7_000, receivedAt: 8_000, nextAttemptAt: 9_000 },
      ...{ holdsOrder: false, attempts: 0, cause: null },
    });
  });

  it('that failed may succeed, and not the other way round', async () => {
    const told = payment();
    const failed = await store.receivePayment({ ...told, outcome: 'failed' });
    expect(failed).toMatchObject({ isNew: true, payment: { state: 'failed' } });
    expect(await store.holdOrder(told.paymentId)).toBe('decided');
    expect(await store.receivePayment(told)).toMatchObject({ payment: { state: 'received' } });
    const late = await store.receivePayment({ ...told, outcome: 'failed' });
    expect(late).toMatchObject({ isNew: false, payment: { state: 'received' } });
  });

  it('hold an order one at a time, whoever asks at the same moment', async () => {
    const { orderId } = payment();
    const told = Array.from({ length: 6 }, () => payment({ orderId }));
    await Promise.all(told.map((one) => store.receivePayment(one)));
    const held = await Promise.all(told.map(({ paymentId }) => store.holdOrder(paymentId)));
    expect(held.toSorted()).toEqual(['held', 'taken', 'taken', 'taken', 'taken', 'taken']);
    const winner = told[held.indexOf('held')]?.paymentId ?? '';
    expect(await store.holdOrder(winner)).toBe('held');
    const rows = await store.paymentsOfOrders([orderId]);
    expect(rows.filter(({ holdsOrder }) => holdsOrder)).toMatchObject([{ paymentId: winner }]);
  });

  it('go back only by whoever has taken them, and free their order', async () => {
    const told = payment();
    const { paymentId, orderId } = told;
    await store.receivePayment(told);
    await store.holdOrder(paymentId);
    const [taken] = await store
      .takePayments({ now: 9_000, until: 19_000, limit: 1_000 })
      .then((rows) => rows.filter((row) => row.paymentId === paymentId));
    expect(taken).toMatchObject({ nextAttemptAt: 19_000 });
    const back = { paymentId, cause: 'no-unit', now: 9_500 } as const;
    expect(await store.returnPayment({ ...back, nextAttemptAt: 9_000 })).toBe(false);
    expect(await store.closePayment({ paymentId, now: 9_500 })).toBe(false);
    expect(await store.returnPayment({ ...back, nextAttemptAt: 19_000 })).toBe(true);
    expect(await store.applyPayment({ paymentId, now: 9_600 })).toBe(false);
    const other = payment({ orderId });
    await store.receivePayment(other);
    expect(await store.holdOrder(other.paymentId)).toBe('held');
    expect(await store.closePayment({ paymentId, now: 9_700 })).toBe(true);
    expect(await store.closePayment({ paymentId, now: 9_800 })).toBe(false);
    expect(await store.findPayment(paymentId)).toMatchObject({ state: 'refunded' });
  });

  it('asked back hold their order until the money is back', async () => {
    const told = payment();
    const { paymentId, orderId } = told;
    await store.receivePayment(told);
    await store.holdOrder(paymentId);
    expect(await store.applyPayment({ paymentId, now: 9_000 })).toBe(true);
    expect(await store.applyPayment({ paymentId, now: 9_000 })).toBe(false);
    const asked = { orderId, cause: 'asked', now: 9_100 } as const;
    expect(await store.askRefund(asked)).toBe(true);
    expect(await store.askRefund(asked)).toBe(false);
    const second = payment({ orderId });
    await store.receivePayment(second);
    expect(await store.holdOrder(second.paymentId)).toBe('taken');
    await store.closePayment({ paymentId, now: 9_200 });
    expect(await store.holdOrder(second.paymentId)).toBe('held');
  });

  it('are taken when they are due, by one of many who ask', async () => {
    const told = [payment({ until: 50_000 }), payment({ until: 60_000 })];
    for (const one of told) await store.receivePayment(one);
    const ids = told.map(({ paymentId }) => paymentId);
    const mine = (rows: readonly { paymentId: string }[]) =>
      rows.filter(({ paymentId }) => ids.includes(paymentId)).map(({ paymentId }) => paymentId);
    const taking = { now: 50_000, until: 90_000, limit: 1_000 };
    const taken = await Promise.all([1, 2, 3].map(() => store.takePayments(taking)));
    expect(taken.flatMap(mine)).toEqual(ids.slice(0, 1));
    const [paymentId = ''] = ids;
    await store.postponePayment({ paymentId, nextAttemptAt: 1, until: 100_000 });
    expect(await store.findPayment(paymentId)).toMatchObject({ attempts: 0 });
    await store.postponePayment({ paymentId, nextAttemptAt: 90_000, until: 100_000 });
    expect(await store.findPayment(paymentId)).toMatchObject({
      ...{ attempts: 1, nextAttemptAt: 100_000 },
    });
    await store.hastenPayments(55_000);
    expect(mine(await store.takePayments({ ...taking, now: 55_000 })).toSorted()).toEqual(ids);
  });

  it('an order of a sale that is over ends in its row', async () => {
    const sale = await openSale(store);
    await store.applyRecords([sale.reserved({ seq: 1, n: 1 }), sale.reserved({ seq: 2, n: 2 })]);
    const end = (n: number, to: 'PAID' | 'CANCELLED', restock = true) =>
      store.endFormerOrder({
        ...{ orderId: sale.id(n), to, reason: to === 'PAID' ? null : 'REFUNDED', restock },
      });
    expect(await end(1, 'PAID')).toBe('PAID');
    expect(await end(1, 'PAID')).toBe('PAID');
    expect(await end(1, 'CANCELLED')).toBe('CANCELLED');
    expect(await end(1, 'PAID')).toBe('CANCELLED');
    expect(await end(2, 'CANCELLED', false)).toBe('CANCELLED');
    expect(await end(3, 'PAID')).toBeUndefined();
    expect(await store.findActivity(sale.activityId)).toMatchObject({ applied: { sold: 1 } });
    expect(await store.findOrder(sale.id(1))).toMatchObject({ reason: 'REFUNDED' });
    const made = await makeSaleReceipt(store, sale.activityId);
    expect(made?.totals).toMatchObject({ sold: 1, held: 0, paid: 0, refunded: 1, free: 99 });
    expect(made && (await verifySaleReceipt(made))).toMatchObject({ kind: 'whole' });
  });

  it('an order that a failure took is recorded once its activity is closed, and not before', async () => {
    const sale = await openSale(store, { endAt: 3_000 });
    const { activityId, id } = sale;
    const lost = (n: number) => {
      const facts = { userId: 'ann', quantity: 2, epoch: 1, seq: 7, createdAt: 2_500 };
      return store.recordLost({ order: { orderId: id(n), activityId, ...facts }, now: 9_000 });
    };
    await store.applyRecords([sale.reserved({ seq: 1, n: 1 }), sale.paid({ seq: 2, n: 1 })]);
    expect(await lost(2)).toBeUndefined();
    const closing = { activityId, epoch: 1, seq: 2, now: 9_000 };
    expect(await store.beginClosing(closing)).toMatchObject({ kind: 'closing' });
    await store.markClosed({ activityId, now: 9_000 });
    const expected = {
      ...{ orderId: id(2), userId: 'ann', amount: 1_000, status: 'CANCELLED', payBy: 902_500 },
      reason: 'LOST_IN_FAILURE',
    };
    for (let repeat = 0; repeat < 2; repeat += 1) expect(await lost(2)).toMatchObject(expected);
    expect(await store.findOrder(id(2))).toMatchObject(expected);
    expect(await lost(1)).toMatchObject({ status: 'PAID', userId: 'user-1' });
    expect(await store.summary(activityId)).toMatchObject({ orders: 2, sold: 1 });
    const made = await makeSaleReceipt(store, activityId);
    expect(made && (await verifySaleReceipt(made))).toMatchObject({ kind: 'whole', lines: 4 });
  });
});
