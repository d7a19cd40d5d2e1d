// The receipt of a sale: a file that anyone can check without asking us.
import * as v from 'valibot';
import { drawReportSchema } from '../draw/draw-report.ts';
import { verifyDraw } from '../draw/verify-draw.ts';
import { followLine, startOfLedger } from './follow.ts';
import { firstHead, nextHead } from './ledger.ts';

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

export const saleReceiptSchema = v.object({
  version: v.literal(1),
  activityId: v.string(),
  skuId: v.string(),
  title: v.string(),
  madeAt: v.string(),
  /** `refunded`: paid back and not put on sale again, so still sold. */
  totals: v.object({
    ...{ stock: count, sold: count, held: count, paid: count },
    ...{ refunded: count, free: count },
  }),
  ledger: v.object({
    /** The chain's last head when the receipt was made. */
    head: v.string(),
    pages: v.array(v.object({ lines: v.array(v.string()), head: v.string() })),
  }),
  /** Who came first among those who came before the start; null where nobody drew, or draws yet. */
  draw: v.nullable(drawReportSchema),
});

export type SaleReceipt = v.InferOutput<typeof saleReceiptSchema>;

export type Verification =
  | {
      readonly kind: 'whole';
      readonly pages: number;
      readonly lines: number;
      readonly head: string;
      /** Entries of the draw; null without one. */
      readonly drawn: number | null;
    }
  /** The first thing that cannot be true. */
  | { readonly kind: 'broken'; readonly detail: string };

const broken = (detail: string): Verification => ({ kind: 'broken', detail });

/** What somebody was told during the sale, and holds against the file. */
export interface Told {
  /** Each `ledgerHead` must stand in the chain. */
  readonly heads?: readonly string[];
  /** The draw's commitment, written down before the start. */
  readonly commitment?: string | undefined;
}

/** Checks the chain, every line, the totals, the draw, and what was told. */
export async function verifySaleReceipt(
  receipt: SaleReceipt,
  { heads = [], commitment }: Told = {},
): Promise<Verification> {
  const ledger = verifyLedger(receipt, heads);
  if (ledger.kind === 'broken') return ledger;
  const fault = await drawFault(receipt, commitment);
  return fault === undefined ? ledger : broken(fault);
}

async function drawFault(
  { draw, activityId, skuId }: SaleReceipt,
  commitment: string | undefined,
): Promise<string | undefined> {
  if (draw === null) {
    return commitment === undefined ? undefined : 'the draw of that commitment does not stand here';
  }
  if (draw.activityId !== activityId || draw.skuId !== skuId) return 'the draw is of another sale';
  const { checks } = await verifyDraw(draw, { commitment });
  const failed = checks.find(({ holds }) => !holds);
  return failed && `the draw does not hold: ${failed.what}, ${failed.detail}`;
}

function verifyLedger(receipt: SaleReceipt, heads: readonly string[]): Verification {
  const { activityId, ledger, totals } = receipt;
  const sale = startOfLedger();
  const seen = new Set<string>();
  let head = firstHead(activityId);
  let lines = 0;
  for (const page of ledger.pages) {
    head = nextHead(head, page.lines);
    if (head !== page.head)
      return broken(`page ${seen.size + 1} does not follow from the one before`);
    seen.add(head);
    for (const line of page.lines) {
      lines += 1;
      const fault = followLine(sale, line);
      if (fault !== undefined) return broken(`line ${lines} ${fault}`);
    }
  }
  if (head !== ledger.head) return broken('the last head is not the one that is stated');
  const missing = heads.find((one) => !seen.has(one));
  if (missing !== undefined) return broken(`head ${missing} does not stand in this ledger`);
  const fault = totalsFault(totals, { stock: sale.stock, sold: sale.sold, ...unitsByStatus(sale) });
  return fault === undefined
    ? {
        kind: 'whole',
        pages: ledger.pages.length,
        lines,
        head,
        drawn: receipt.draw?.entries ?? null,
      }
    : broken(fault);
}

export function unitsByStatus({ orders }: ReturnType<typeof startOfLedger>) {
  const units = { PENDING: 0, PAID: 0, CANCELLED: 0 };
  for (const order of orders.values()) units[order.status] += order.units;
  return { held: units.PENDING, paid: units.PAID };
}

function totalsFault(
  { stock, sold, held, paid, refunded, free }: SaleReceipt['totals'],
  ledger: {
    readonly stock: number;
    readonly sold: number;
    readonly held: number;
    readonly paid: number;
  },
): string | undefined {
  if (sold !== held + paid + refunded) {
    return `${sold} sold is not ${held} held, ${paid} paid and ${refunded} refunded`;
  }
  if (stock !== sold + free) return `${sold} sold and ${free} free are not ${stock}`;
  if (stock !== ledger.stock) return `the ledger knows of ${ledger.stock} units, not ${stock}`;
  if (held !== ledger.held) return `the ledger holds ${ledger.held} units, not ${held}`;
  if (sold !== ledger.sold) return `the ledger sold ${ledger.sold} units, not ${sold}`;
  if (paid !== ledger.paid) return `the ledger has ${ledger.paid} units paid, not ${paid}`;
  return undefined;
}
