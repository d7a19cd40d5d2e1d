import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OrderEvent } from '../../shared/order-event.ts';
import {
  type FormerEnd,
  firstHead,
  formerLine,
  type LedgerOutcome,
  ledgerLine,
  lostLine,
  nextHead,
  openingLine,
} from './ledger.ts';
import { type SaleReceipt, verifySaleReceipt } from './sale-receipt.ts';

const order = (n: number, reason?: 'EXPIRED') => ({
  ...{ orderId: `sku-${n}`, userId: 'u', quantity: 1, amount: 1, currency: 'USD' },
  ...{ status: 'PENDING' as const, createdAt: 0, payBy: 0 },
  ...(reason === undefined ? {} : { reason }),
});
const event = (type: OrderEvent['type'], seq: number, n: number): OrderEvent => ({
  ...{ version: 1, type, activityId: 'a', skuId: 'sku', epoch: 1, seq, at: 0 },
  ...(type === 'adjusted' ? { stock: n } : { order: order(n) }),
});
const line = (
  [type, n]: readonly [OrderEvent['type'], number],
  seq: number,
  outcome: LedgerOutcome = 'done',
) => ledgerLine(event(type, seq, n), outcome);

const PAGES: string[][] = [
  [openingLine(1, 3)],
  [line(['reserved', 1], 1), line(['reserved', 2], 2)],
  [line(['paid', 1], 3), line(['reserved', 3], 4), line(['cancelled', 2], 5)],
  [line(['adjusted', 4], 6)],
];

function receiptOf(pages: readonly (readonly string[])[]): SaleReceipt {
  let head = firstHead('a');
  const chained = pages.map((lines) => {
    head = nextHead(head, lines);
    return { lines: [...lines], head };
  });
  return {
    ...{ version: 1, activityId: 'a', skuId: 'sku', title: 'A thing', madeAt: '' },
    totals: { stock: 4, sold: 2, held: 1, paid: 1, refunded: 0, free: 2 },
    ledger: { head, pages: chained },
    draw: null,
  };
}

describe('the receipt of a sale', () => {
  const whole = receiptOf(PAGES);
  const [, second] = whole.ledger.pages;

  it('is whole, and holds each head that was ever told', async () => {
    const told = whole.ledger.pages.map(({ head }) => head);
    expect(await verifySaleReceipt(whole, { heads: told })).toMatchObject({
      ...{ kind: 'whole', pages: 4, lines: 7, drawn: null },
    });
  });

  it('is broken by any change of any character of any line', async () => {
    const at = fc.record({ page: fc.nat(3), line: fc.nat(2), character: fc.nat(30) });
    await fc.assert(
      fc.asyncProperty(at, async ({ page, line: index, character }) => {
        const changed = structuredClone(whole);
        const lines = changed.ledger.pages[page]?.lines ?? [];
        const text = lines[index % lines.length] ?? '';
        const other = text[character] === '1' ? '2' : '1';
        lines[index % lines.length] = text.slice(0, character) + other + text.slice(character + 1);
        expect((await verifySaleReceipt(changed)).kind).toBe('broken');
      }),
    );
  });

  it('is broken for whoever holds a head of a history that was written anew', async () => {
    const anew = receiptOf([
      ...PAGES.slice(0, 1),
      [line(['reserved', 9], 1), line(['reserved', 2], 2)],
    ]);
    anew.totals = { stock: 3, sold: 2, held: 2, paid: 0, refunded: 0, free: 1 };
    expect((await verifySaleReceipt(anew)).kind).toBe('whole');
    expect((await verifySaleReceipt(anew, { heads: [second?.head ?? ''] })).kind).toBe('broken');
  });

  it.each([
    ['more sold than the stock', [PAGES[0], [1, 2, 3, 4].map((n) => line(['reserved', n], n))]],
    ['a number left out', [PAGES[0], [line(['reserved', 1], 2)]]],
    ['an order from nowhere', [PAGES[0], [line(['paid', 1], 1)]]],
    ['no opening', [PAGES[1]]],
  ])('is broken by %s, whoever chained it', async (_, pages) => {
    expect((await verifySaleReceipt(receiptOf(pages.map((lines) => lines ?? [])))).kind).toBe(
      'broken',
    );
  });

  it('is broken by totals that the ledger does not bear out', async () => {
    for (const totals of [
      { ...whole.totals, sold: 3 },
      { ...whole.totals, free: 1 },
      { ...whole.totals, held: 2, sold: 3, free: 1 },
      { ...whole.totals, stock: 5, free: 3 },
    ]) {
      expect((await verifySaleReceipt({ ...whole, totals })).kind).toBe('broken');
    }
  });
});

it('a refunded unit that is not on sale again is still sold', async () => {
  const refund = ledgerLine(event('cancelled', 7, 1), 'kept');
  const receipt = receiptOf([...PAGES, [refund]]);
  receipt.totals = { stock: 4, sold: 2, held: 1, paid: 0, refunded: 1, free: 2 };
  expect((await verifySaleReceipt(receipt)).kind).toBe('whole');
  receipt.totals = { stock: 4, sold: 1, held: 1, paid: 0, refunded: 0, free: 3 };
  expect((await verifySaleReceipt(receipt)).kind).toBe('broken');
});

it('tells of orders that were paid, refunded or found lost when their activity was closed', async () => {
  const former = (end: FormerEnd, orderId: string) =>
    formerLine({ epoch: 1, seq: 4, orderId, quantity: 1 }, end);
  const receipt = receiptOf([
    ...PAGES,
    [former({ type: 'paid', reason: null, outcome: 'former' }, 'sku-3')],
    [former({ type: 'cancelled', reason: 'REFUNDED', outcome: 'former-kept' }, 'sku-1')],
    [former({ type: 'cancelled', reason: 'LOST_IN_FAILURE', outcome: 'former' }, 'sku-8')],
  ]);
  receipt.totals = { stock: 4, sold: 2, held: 0, paid: 1, refunded: 1, free: 2 };
  expect((await verifySaleReceipt(receipt)).kind).toBe('whole');
  receipt.ledger.pages.push(
    ...receiptOf([[former({ type: 'cancelled', reason: 'REFUNDED', outcome: 'former' }, 'x')]])
      .ledger.pages,
  );
  expect((await verifySaleReceipt(receipt)).kind).toBe('broken');
});

describe('numbers that nobody could read', () => {
  const lost = (seq: number, epoch = 1) => lostLine({ epoch, seq });
  const next = line(['reserved', 3], 10);

  it('are passed, forwards and in their own epoch only', async () => {
    const [opening = [], reserved = []] = PAGES;
    const receipt = (...lines: string[]) => ({
      ...receiptOf([opening, reserved, lines]),
      totals: { stock: 3, sold: 3, held: 3, paid: 0, refunded: 0, free: 0 },
    });
    const heads = { heads: [] };
    expect(await verifySaleReceipt(receipt(lost(9), next), heads)).toMatchObject({ kind: 'whole' });
    for (const passed of [lost(2), lost(8), lost(9, 2)]) {
      expect(await verifySaleReceipt(receipt(passed, next), heads)).toMatchObject({
        kind: 'broken',
      });
    }
  });
});
