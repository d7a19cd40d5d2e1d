// Everything that the page can show, as one union: the flow makes views, `show` draws them.
import type { Order, Place } from './answers.ts';

/** Ids of the buyer's own. */
type Orders = readonly string[];

export type View =
  | { readonly kind: 'loading' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'sign-in'; readonly note: string }
  | { readonly kind: 'soon'; readonly startAt: number; readonly willBuy: boolean }
  | { readonly kind: 'open'; readonly waiting: number; readonly isLow: boolean }
  | { readonly kind: 'asking' }
  /** A challenge is worked on: `share` of it is tried, 0…1; undefined where a widget asks. */
  | { readonly kind: 'checking'; readonly share: number | undefined }
  | { readonly kind: 'refused'; readonly reference: string }
  | { readonly kind: 'waiting'; readonly place: Place; readonly note: string }
  | { readonly kind: 'confirming'; readonly orderId: string }
  | {
      readonly kind: 'bought';
      readonly order: Order;
      /** Earlier ones of the same buyer in this sale. */
      readonly others: Orders;
      readonly isMoreAllowed: boolean;
    }
  | { readonly kind: 'cancelled'; readonly order: Order }
  | { readonly kind: 'limit'; readonly limit: number; readonly orders: Orders }
  | { readonly kind: 'sold-out'; readonly unitsMayReturn: boolean; readonly orders: Orders }
  | { readonly kind: 'ended'; readonly note: string; readonly orders: Orders }
  | { readonly kind: 'trouble'; readonly text: string };

export type Show = (view: View) => void;
