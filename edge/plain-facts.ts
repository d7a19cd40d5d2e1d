// What a page says without scripts: `<!--if STATE …-->text<!--end-->` stays where the sale is in one
// of these states, and `{{name}}` becomes that fact. The words stand in the page, not here.
import type { SaleStatus } from '../shared/sale-status.ts';

/** A sale at the server's time, or why there is none to show. */
export type SaleSeen =
  | { readonly kind: 'sale'; readonly status: SaleStatus; readonly nowMs: number }
  | { readonly kind: 'missing' }
  | { readonly kind: 'away' };

export function fillIn(html: string, seen: SaleSeen): string {
  const state = stateOf(seen);
  const facts = seen.kind === 'sale' ? factsOf(seen) : new Map([['title', '']]);
  return html
    .replace(/<!--if ([A-Z_ ]+)-->([\s\S]*?)<!--end-->/g, (_, states: string, text: string) =>
      states.split(' ').includes(state) ? text : '',
    )
    .replace(/\{\{(\w+)\}\}/g, (_, name: string) => facts.get(name) ?? '');
}

function stateOf(seen: SaleSeen): string {
  if (seen.kind !== 'sale') return seen.kind === 'missing' ? 'UNKNOWN' : 'AWAY';
  const { state, startAt, soldOut } = seen.status;
  if (state === 'ENDED' || state === 'CLOSED') return 'OVER';
  if (state === 'PAUSED') return state;
  if (seen.nowMs < startAt) return 'SOON';
  return soldOut ? 'SOLD_OUT' : 'OPEN';
}

function factsOf({ status, nowMs }: Extract<SaleSeen, { kind: 'sale' }>): Map<string, string> {
  const { title, price, currency, startAt, endAt, waiting } = status;
  const time = (ms: number) => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return new Map([
    // A title is an operator's text, and here it becomes markup.
    ['title', title.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)],
    ['price', money(price, currency)],
    ['startAt', time(startAt)],
    ['endAt', time(endAt)],
    ['serverTime', time(nowMs)],
    ['waiting', String(waiting)],
  ]);
}

function money(amount: number, currency: string): string {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}
