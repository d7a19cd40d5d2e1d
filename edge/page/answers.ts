// What the page believes of the server's answers: each is checked before it is used.
import * as v from 'valibot';

const moment = v.pipe(
  v.string(),
  v.transform((text) => Date.parse(text)),
  v.check((ms) => Number.isFinite(ms), 'not a time'),
);

export const saleSchema = v.object({
  skuId: v.string(),
  title: v.string(),
  state: v.picklist(['SCHEDULED', 'LOADED', 'RUNNING', 'PAUSED', 'ENDED', 'CLOSED']),
  startAt: moment,
  endAt: moment,
  entryOpensAt: moment,
  serverTime: moment,
  price: v.number(),
  currency: v.string(),
  limitPerUser: v.number(),
  joinable: v.boolean(),
  soldOut: v.boolean(),
  stockBand: v.picklist(['none', 'low', 'some']),
  waiting: v.number(),
  draw: v.optional(
    v.object({
      commitment: v.string(),
      beacon: v.optional(v.string()),
      entries: v.number(),
    }),
  ),
});
export type Sale = v.InferOutput<typeof saleSchema>;

export const orderSchema = v.object({
  orderId: v.string(),
  status: v.picklist(['PENDING', 'PAID', 'CANCELLED']),
  quantity: v.number(),
  amount: v.number(),
  currency: v.string(),
  payBy: moment,
  // Becomes a link: nothing but the web's own addresses.
  paymentUrl: v.fallback(v.optional(v.pipe(v.string(), v.regex(/^https?:\/\//))), undefined),
  reason: v.optional(v.string()),
  persisted: v.optional(v.boolean()),
  receipt: v.optional(v.string()),
});
export type Order = v.InferOutput<typeof orderSchema>;

export const entrySchema = v.object({ index: v.number(), receipt: v.optional(v.string()) });
export type Entry = v.InferOutput<typeof entrySchema>;

export const placeSchema = v.object({
  state: v.picklist(['PRE_QUEUE', 'QUEUED', 'READY', 'CONFIRMING', 'EXPIRED', 'SOLD_OUT', 'ENDED']),
  ticket: v.string(),
  orderId: v.string(),
  pollAfterSeconds: v.optional(v.pipe(v.number(), v.minValue(0)), 2),
  position: v.optional(v.number()),
  estimatedWaitSeconds: v.optional(v.nullable(v.number())),
  waitRangeSeconds: v.optional(v.nullable(v.tuple([v.number(), v.number()]))),
  chance: v.optional(v.nullable(v.number())),
  nextReturnAt: v.optional(v.nullable(moment)),
  reason: v.optional(v.string()),
  /** Of a draw: its number, from 0, and what proves it. */
  entry: v.optional(entrySchema),
});
export type Place = v.InferOutput<typeof placeSchema>;

/** A sum to work out: find the number whose SHA-256 behind the salt is the challenge (ALTCHA). */
const workChallengeSchema = v.object({
  algorithm: v.literal('SHA-256'),
  challenge: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  salt: v.string(),
  maxnumber: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  signature: v.string(),
});
export type WorkChallenge = v.InferOutput<typeof workChallengeSchema>;

/** Cloudflare's widget, where the shop uses it for stronger challenges. */
const turnstileChallengeSchema = v.object({
  algorithm: v.literal('TURNSTILE'),
  siteKey: v.string(),
  action: v.string(),
  cData: v.string(),
});
export type TurnstileChallenge = v.InferOutput<typeof turnstileChallengeSchema>;

export const challengeSchema = v.variant('algorithm', [
  workChallengeSchema,
  turnstileChallengeSchema,
]);
export type Challenge = v.InferOutput<typeof challengeSchema>;

export const deviceTokenSchema = v.object({ deviceToken: v.string(), expiresAt: moment });

export const problemSchema = v.object({
  type: v.string(),
  detail: v.optional(v.string(), ''),
  opensAt: v.optional(moment),
  unitsMayReturn: v.optional(v.boolean()),
  showReceipt: v.optional(v.boolean()),
  limit: v.optional(v.number()),
  orders: v.optional(v.array(v.string())),
  ticket: v.optional(v.string()),
  challenge: v.optional(challengeSchema),
  reference: v.optional(v.string()),
});

export const tokenSchema = v.object({ token: v.string(), expiresAt: moment });

/** A "no" of the server, or no answer at all (`slug` is then `no-answer`). */
export interface Refused {
  readonly kind: 'refused';
  readonly slug: string;
  readonly problem: v.InferOutput<typeof problemSchema>;
  /** When to come back, if coming back can help. */
  readonly retryAfterSeconds: number | undefined;
}
