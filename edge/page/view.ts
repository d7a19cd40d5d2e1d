// Everything that the page can show, as one union: the flow makes views, `screen/` draws them.
import type { Order, Place, Sale } from './answers.ts';

/** Ids of the buyer's own. */
type Orders = readonly string[];

/** When the page tries again by itself, epoch ms by this device's clock. */
export interface Retry {
  readonly note: string;
  readonly retryAt: number | undefined;
}

export type View =
  | { readonly kind: 'loading' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'sign-in'; readonly note: string }
  | { readonly kind: 'soon'; readonly sale: Sale; readonly willBuy: boolean }
  /** `isBack`: it was sold out before this visitor's eyes. */
  | { readonly kind: 'open'; readonly sale: Sale; readonly isBack: boolean }
  | { readonly kind: 'paused' }
  | { readonly kind: 'asking' }
  /** A challenge is worked on: `share` of it is tried, 0…1; undefined where a widget asks. */
  | { readonly kind: 'checking'; readonly share: number | undefined }
  | { readonly kind: 'refused'; readonly reference: string }
  /** A draw entry, before and shortly after the start. */
  | {
      readonly kind: 'entered';
      readonly place: Place;
      readonly sale: Sale | undefined;
      readonly retry: Retry;
    }
  /** In line; `first` is the position that this place began with. */
  | {
      readonly kind: 'waiting';
      readonly place: Place;
      readonly first: number;
      readonly retry: Retry;
    }
  | { readonly kind: 'turn'; readonly retry: Retry }
  | { readonly kind: 'confirming'; readonly orderId: string }
  | { readonly kind: 'order'; readonly seen: SeenOrder }
  | { readonly kind: 'receipt' }
  | { readonly kind: 'order-unknown'; readonly orderId: string; readonly others: Orders }
  | { readonly kind: 'limit'; readonly limit: number; readonly orders: Orders }
  | {
      readonly kind: 'sold-out';
      /** `kept`: so is the place, and the page goes on with it by itself. */
      readonly units: 'gone' | 'may-return' | 'kept';
      readonly orders: Orders;
    }
  | { readonly kind: 'ended'; readonly note: string; readonly orders: Orders }
  | { readonly kind: 'trouble'; readonly retry: Retry };

export interface SeenOrder {
  readonly order: Order;
  /** The same buyer's in this sale. */
  readonly others: Orders;
  readonly isMoreAllowed: boolean;
  readonly receipt: string | undefined;
  /** What became of an attempt to cancel it. */
  readonly note: string;
}

export type Show = (view: View) => void;

export const NO_RETRY: Retry = { note: '', retryAt: undefined };
