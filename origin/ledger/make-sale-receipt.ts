// Makes the receipt of a sale from the database, page by page.
import { drawReportOf } from '../draw/draw-report.ts';
import type { Store } from '../store/store.ts';
import { followLine, startOfLedger } from './follow.ts';
import type { LedgerPage } from './ledger.ts';
import { type SaleReceipt, unitsByStatus } from './sale-receipt.ts';

const PAGES_AT_ONCE = 1_000;

/**
 * Undefined where nothing was loaded under this id. The totals are what the ledger says; the last
 * page read is their moment, whatever is written meanwhile.
 */
export async function makeSaleReceipt(
  store: Pick<Store, 'findActivity' | 'ledgerPages' | 'drawPages'>,
  activityId: string,
): Promise<SaleReceipt | undefined> {
  const activity = await store.findActivity(activityId);
  const pages: LedgerPage[] = [];
  const sale = startOfLedger();
  for (let afterId = 0; ; ) {
    const read = await store.ledgerPages({ activityId, afterId, limit: PAGES_AT_ONCE });
    for (const { lines, head } of read) {
      pages.push({ lines, head });
      for (const line of lines) followLine(sale, line);
    }
    const last = read.at(-1);
    if (last === undefined) break;
    afterId = last.id;
  }
  const head = pages.at(-1)?.head;
  if (activity === undefined || head === undefined) return undefined;
  const { held, paid } = unitsByStatus(sale);
  const { stock, sold } = sale;
  return {
    version: 1,
    activityId,
    skuId: activity.skuId,
    title: activity.title,
    madeAt: new Date().toISOString(),
    totals: { stock, sold, held, paid, refunded: sold - held - paid, free: stock - sold },
    ledger: { head, pages: pages.map(({ lines, head: at }) => ({ lines: [...lines], head: at })) },
    draw: (await drawReportOf(store, activity)) ?? null,
  };
}
