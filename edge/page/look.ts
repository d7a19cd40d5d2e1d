// Looking at a sale until the buyer acts: as often as something may change, and no more.
import type { Refused, Sale } from './answers.ts';
import { serverNow } from './server-clock.ts';
import type { View } from './view.ts';
import { words } from './words/words.ts';

const LOOK_SECONDS = { selling: 3, soldOut: 5, still: 60, longBefore: 30 };

/** What this visitor has been told about a sale that is sold out. */
export type SoldOut = Extract<View, { kind: 'sold-out' }>;

/** How the sale stands; `told` is what this visitor saw before. */
export function viewOfSale(sale: Sale, told: SoldOut | undefined): View {
  if (isOver(sale)) return { kind: 'ended', note: words().thanksForComing, orders: [] };
  if (sale.state === 'PAUSED') return { kind: 'paused' };
  if (serverNow() < sale.startAt) return { kind: 'soon', sale, willBuy: false };
  if (!isOpen(sale)) return told ?? { kind: 'sold-out', units: 'may-return', orders: [] };
  return { kind: 'open', sale, isBack: told !== undefined };
}

export function isOver({ state }: Sale): boolean {
  return state === 'ENDED' || state === 'CLOSED';
}

/** With free units a line that is full for a moment is open all the same: the page asks again. */
function isOpen({ joinable, soldOut, stockBand }: Sale): boolean {
  return joinable || (!soldOut && stockBand !== 'none');
}

/** Seconds until the next look. */
export function lookAfter(view: View): number {
  switch (view.kind) {
    case 'ended':
    case 'unknown':
      return LOOK_SECONDS.still;
    case 'sold-out':
      return LOOK_SECONDS.soldOut;
    case 'soon': {
      const tenth = (view.sale.startAt - serverNow()) / 10_000;
      return Math.min(LOOK_SECONDS.longBefore, Math.max(LOOK_SECONDS.selling, tenth));
    }
    default:
      return LOOK_SECONDS.selling;
  }
}

export function isUnknown({ slug }: Refused): boolean {
  return slug === 'unknown-sku' || slug === 'not-found';
}
