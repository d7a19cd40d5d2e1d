// Bodies of the buyers' calls.
import * as v from 'valibot';
import { RECEIPT_MAX_LENGTH } from './receipt.ts';
import { TICKET_MAX_LENGTH } from './ticket.ts';

export const BUYER_BODY_LIMIT_BYTES = 16 * 1024;
export const QUANTITY_MAX = 100;

const quantity = v.pipe(
  v.number(),
  v.integer('Must be a whole number.'),
  v.minValue(1),
  v.maxValue(QUANTITY_MAX),
);
const text = (maxLength: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(maxLength));

export const purchaseBodySchema = v.strictObject({
  quantity: v.optional(quantity, 1),
  ticket: v.optional(text(TICKET_MAX_LENGTH)),
  again: v.optional(text(64)),
  receipt: v.optional(text(RECEIPT_MAX_LENGTH)),
});
export type PurchaseBody = v.InferOutput<typeof purchaseBodySchema>;

/** What the edge forwards: the rest of the body has been dealt with. */
export const forwardedPurchaseSchema = v.strictObject({
  quantity: v.optional(quantity, 1),
  /** A repeat of this order or of the one that the claims name, whichever is the later. */
  follows: v.optional(text(64)),
  receipt: v.optional(text(RECEIPT_MAX_LENGTH)),
});
export type ForwardedPurchase = v.InferOutput<typeof forwardedPurchaseSchema>;

export const developmentTokenBodySchema = v.strictObject({
  userId: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_.@:|-]{1,128}$/, 'Not a user id.')),
  role: v.optional(v.literal('admin')),
});
