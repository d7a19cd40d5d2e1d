// What calls answer, as schemas: for the document, and for the test that holds answers against it.
import * as v from 'valibot';
import { drawStatusSchema } from '../../shared/draw.ts';
import { clockSchema } from '../../shared/sale-status.ts';
import {
  ACTIVITY_STATES,
  CANCEL_REASONS,
  ORDER_STATUSES,
  STOCK_BANDS,
  TICKET_STATES,
} from '../../shared/words.ts';

const time = v.pipe(v.string(), v.isoTimestamp());
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const text = v.string();

const orderMembers = {
  orderId: text,
  skuId: text,
  status: v.picklist(ORDER_STATUSES),
  quantity: count,
  amount: count,
  currency: text,
  payBy: time,
  paymentUrl: v.optional(text),
};

export const reservedSchema = v.strictObject({
  state: v.literal('RESERVED'),
  ...orderMembers,
  receipt: text,
  ledgerHead: v.optional(text),
});

export const orderStatusSchema = v.strictObject({
  ...orderMembers,
  reason: v.optional(v.picklist(CANCEL_REASONS)),
  persisted: v.boolean(),
});

export const placeSchema = v.strictObject({
  state: v.picklist(TICKET_STATES),
  ticket: text,
  orderId: text,
  pollAfterSeconds: v.number(),
  position: v.optional(count),
  estimatedWaitSeconds: v.optional(v.nullable(v.number())),
  waitRangeSeconds: v.optional(v.nullable(v.strictTuple([v.number(), v.number()]))),
  chance: v.optional(v.nullable(v.pipe(v.number(), v.minValue(0), v.maxValue(1)))),
  nextReturnAt: v.optional(time),
  reason: v.optional(v.literal('waiting-for-return')),
  readyForSeconds: v.optional(v.number()),
  entry: v.optional(v.strictObject({ index: count, leaf: text, receipt: text })),
});

export const saleSchema = v.strictObject({
  skuId: text,
  activityId: text,
  title: text,
  state: v.picklist(ACTIVITY_STATES),
  startAt: time,
  endAt: time,
  entryOpensAt: time,
  serverTime: time,
  price: count,
  currency: text,
  limitPerUser: count,
  joinable: v.boolean(),
  soldOut: v.boolean(),
  stockBand: v.picklist(STOCK_BANDS),
  waiting: count,
  clock: v.strictObject({ ...clockSchema.entries, realAt: time }),
  draw: v.optional(drawStatusSchema),
  ledgerHead: v.optional(text),
});

export const activitySchema = v.strictObject({
  activityId: text,
  skuId: text,
  title: text,
  state: v.picklist(ACTIVITY_STATES),
  stock: count,
  sold: count,
  price: count,
  currency: text,
  limitPerUser: count,
  ratePerSecond: count,
  capacity: count,
  queueLimit: count,
  startAt: time,
  endAt: time,
  entryOpensAt: time,
  draw: v.union([v.literal(false), v.strictObject({ beacon: v.optional(text) })]),
  ticketWindowSeconds: count,
  paymentWindowSeconds: count,
  challengeAt: count,
  denyAt: count,
  version: count,
  createdAt: time,
  updatedAt: time,
});

export const activityPageSchema = v.strictObject({
  items: v.array(activitySchema),
  nextCursor: v.nullable(text),
});

const workSchema = v.strictObject({
  algorithm: v.literal('SHA-256'),
  challenge: text,
  salt: text,
  maxnumber: count,
  signature: text,
  expiresAt: time,
});
const turnstileSchema = v.strictObject({
  algorithm: v.literal('TURNSTILE'),
  siteKey: text,
  action: text,
  cData: text,
  expiresAt: time,
});
export const challengeSchema = v.union([workSchema, turnstileSchema]);

export const deviceTokenSchema = v.strictObject({ deviceToken: text, expiresAt: time });
export const tokenSchema = v.strictObject({ token: text, expiresAt: time });

const fieldErrorSchema = v.strictObject({ pointer: text, code: text, detail: text });

/** RFC 9457; the optional members belong to the types that API readers find them with. */
export const problemSchema = v.strictObject({
  type: text,
  title: text,
  status: v.number(),
  detail: text,
  instance: text,
  errors: v.optional(v.array(fieldErrorSchema)),
  reference: v.optional(text),
  challenge: v.optional(challengeSchema),
  opensAt: v.optional(time),
  serverTime: v.optional(time),
  unitsMayReturn: v.optional(v.boolean()),
  limit: v.optional(count),
  orders: v.optional(v.array(text)),
  showReceipt: v.optional(v.boolean()),
  ticket: v.optional(text),
  orderId: v.optional(text),
  activityId: v.optional(text),
});
