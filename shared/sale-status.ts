// The status document of a SKU: written by the origin's line leader to the edge Redis each second,
// cached at the edge, and the source of what `GET /api/sales/{skuId}` shows.
import * as v from 'valibot';
import { drawStatusSchema } from './draw.ts';
import { outlookSchema } from './outlook.ts';
import { ACTIVITY_STATES, STOCK_BANDS } from './words.ts';

const moment = v.pipe(v.number(), v.safeInteger());

export const clockSchema = v.object({
  virtualAt: v.number(),
  realAt: v.number(),
  speed: v.number(),
  virtualUntil: v.number(),
  term: v.number(),
  version: v.number(),
});

export const saleStatusSchema = v.object({
  /** Grows with every document; an older one never replaces a newer one. */
  version: moment,
  /** Epoch ms, the writer's clock. */
  writtenAt: moment,
  skuId: v.string(),
  activityId: v.string(),
  title: v.string(),
  state: v.picklist(ACTIVITY_STATES),
  startAt: moment,
  endAt: moment,
  entryOpensAt: moment,
  price: moment,
  currency: v.string(),
  limitPerUser: moment,
  joinable: v.boolean(),
  /** Newcomers are told so, until a unit returns; people in line wait on unless it is final. */
  soldOut: v.boolean(),
  /** Units are held that may come back before the end: final is a sold-out without it. */
  unitsMayReturn: v.boolean(),
  stockBand: v.picklist(STOCK_BANDS),
  /** People in line: the bucket's negative value. */
  waiting: moment,
  clock: clockSchema,
  /** Orders reserved and not yet paid: their units may return. */
  held: moment,
  /** When the first of them runs out of time to pay, epoch ms; null where none is held. */
  nextReturnAt: v.nullable(moment),
  /** null while nobody can know. */
  outlook: v.nullable(outlookSchema),
  /** null without a draw. */
  draw: v.nullable(drawStatusSchema),
  ratePerSecond: moment,
  capacity: moment,
  windowMs: moment,
  challengeAt: moment,
  denyAt: moment,
  ledgerHead: v.optional(v.string()),
});

export type SaleStatus = v.InferOutput<typeof saleStatusSchema>;

/** The document in a stored text, or undefined when the text is none. */
export function parseSaleStatus(text: string): SaleStatus | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const result = v.safeParse(saleStatusSchema, value);
  return result.success ? result.output : undefined;
}

/** What `GET /api/sales/{skuId}` answers. */
export function publicSale(status: SaleStatus, serverTimeMs: number) {
  const time = (ms: number): string => new Date(ms).toISOString();
  return {
    skuId: status.skuId,
    activityId: status.activityId,
    title: status.title,
    state: status.state,
    startAt: time(status.startAt),
    endAt: time(status.endAt),
    entryOpensAt: time(status.entryOpensAt),
    serverTime: time(serverTimeMs),
    price: status.price,
    currency: status.currency,
    limitPerUser: status.limitPerUser,
    joinable: status.joinable,
    soldOut: status.soldOut,
    stockBand: status.stockBand,
    waiting: status.waiting,
    ...(status.draw === null ? {} : { draw: status.draw }),
    clock: { ...status.clock, realAt: time(status.clock.realAt) },
    ...(status.ledgerHead === undefined ? {} : { ledgerHead: status.ledgerHead }),
  };
}
