// The body that creates an activity: ranges and defaults of the contract.
import * as v from 'valibot';
import type { FieldError } from './field-error.ts';
import { fieldErrors } from './field-error.ts';
import { SKU_ID } from './words.ts';

export const ADMIN_BODY_LIMIT_BYTES = 64 * 1024;

const DAY_SECONDS = 86_400;
const DEFAULT_ENTRY_LEAD_MS = 10 * 60_000;
const END_OF_TIME = Date.UTC(10_000, 0, 1);
const RFC3339 =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[Tt]([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d{1,9})?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

const whole = (min: number, max: number) =>
  v.pipe(v.number(), v.integer('Must be a whole number.'), v.minValue(min), v.maxValue(max));
const time = v.pipe(
  v.string(),
  v.regex(RFC3339, 'Must be an RFC 3339 time.'),
  v.check(isInCalendar, 'There is no such day.'),
  v.transform((text) => Date.parse(text)),
  // Beyond, a time shifted to UTC is not RFC 3339 any more.
  v.check((ms) => ms >= 0 && ms < END_OF_TIME, 'Must be in the years 1970 to 9999.'),
);
/** Databases differ in what they make of control characters and halves of characters. */
const words = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(200),
  v.check((text) => !/[\p{Cc}\p{Cs}]/u.test(text), 'Must be plain text of one line.'),
);

/** Date.parse takes the 30th of February for the 2nd of March. */
function isInCalendar(text: string): boolean {
  const [year = 0, month = 0, day = 0] = text.slice(0, 10).split('-').map(Number);
  return new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day;
}

/** Absent: as the times say. `beacon` is mixed into the key of the draw; it is known beforehand. */
const drawSchema = v.strictObject({
  beacon: v.optional(words),
});

export const activityBodySchema = v.strictObject({
  skuId: v.pipe(v.string(), v.regex(SKU_ID, 'Must match [A-Za-z0-9_]{1,32}.')),
  stock: whole(1, 10_000_000),
  price: whole(0, 1_000_000_000_000),
  startAt: time,
  endAt: time,
  title: v.optional(words),
  currency: v.optional(
    v.pipe(v.string(), v.regex(/^[A-Z]{3}$/, 'Must be an ISO 4217 code.')),
    'USD',
  ),
  limitPerUser: v.optional(whole(1, 100), 1),
  ratePerSecond: v.optional(whole(1, 100_000), 1000),
  capacity: v.optional(whole(1, 100_000)),
  queueLimit: v.optional(whole(0, 10_000_000), 1_000_000),
  entryOpensAt: v.optional(time),
  draw: v.optional(v.union([v.literal(false), drawSchema], 'Must be false or an object.')),
  ticketWindowSeconds: v.optional(whole(5, 3600), 30),
  paymentWindowSeconds: v.optional(whole(1, DAY_SECONDS), 900),
  challengeAt: v.optional(whole(0, 100), 40),
  denyAt: v.optional(whole(0, 100), 80),
});

/** The members of an activity that its maker decides; times in epoch ms. */
export interface ActivityTerms {
  readonly skuId: string;
  readonly title: string;
  readonly stock: number;
  readonly price: number;
  readonly currency: string;
  readonly limitPerUser: number;
  readonly ratePerSecond: number;
  readonly capacity: number;
  readonly queueLimit: number;
  readonly entryOpensAt: number;
  /** Whether those who come before the start are drawn rather than refused. */
  readonly draw: boolean;
  readonly beacon: string | null;
  readonly startAt: number;
  readonly endAt: number;
  readonly ticketWindowSeconds: number;
  readonly paymentWindowSeconds: number;
  readonly challengeAt: number;
  readonly denyAt: number;
}

export type ActivityTermsResult =
  | { readonly kind: 'terms'; readonly terms: ActivityTerms }
  | { readonly kind: 'invalid'; readonly errors: readonly FieldError[] };

export interface TermsContext {
  /** Decides whether an activity that says nothing about a draw has one: none where it had begun. */
  readonly createdAt: number;
  /** Of an activity whose capacity is fixed: stays, whatever becomes of its stock. */
  readonly fixedCapacity?: number;
}

/** The terms in a body that is a JSON object, or all its faults at once. */
export function parseActivityTerms(
  body: unknown,
  { createdAt, fixedCapacity }: TermsContext,
): ActivityTermsResult {
  // To valibot a list is an object too.
  if (Array.isArray(Object(body).draw)) return { kind: 'invalid', errors: [LISTED_DRAW] };
  const result = v.safeParse(activityBodySchema, body);
  if (!result.success) return { kind: 'invalid', errors: fieldErrors(result.issues) };
  const { draw, ...given } = result.output;
  const entryOpensAt = given.entryOpensAt ?? given.startAt - DEFAULT_ENTRY_LEAD_MS;
  const isDrawnByDefault = createdAt < given.startAt && entryOpensAt < given.startAt;
  const terms: ActivityTerms = {
    ...given,
    title: given.title ?? given.skuId,
    capacity: given.capacity ?? fixedCapacity ?? Math.min(given.ratePerSecond, given.stock),
    entryOpensAt,
    draw: draw === undefined ? isDrawnByDefault : draw !== false,
    beacon: (draw !== false && draw?.beacon) || null,
  };
  const blamed = Object.hasOwn(Object(body), 'denyAt') ? 'denyAt' : 'challengeAt';
  const faults = faultsBetween(terms, blamed);
  const isCapacityFixed = fixedCapacity !== undefined;
  const errors = faults.filter(({ pointer }) => !isCapacityFixed || pointer !== '/capacity');
  return errors.length > 0 ? { kind: 'invalid', errors } : { kind: 'terms', terms };
}

const LISTED_DRAW: FieldError = {
  pointer: '/draw',
  code: 'wrong-type',
  detail: 'Must be false or an object.',
};

/** `blamed` is the threshold that was given, of the two that do not go together. */
function faultsBetween(terms: ActivityTerms, blamed: 'challengeAt' | 'denyAt'): FieldError[] {
  const { startAt, endAt, entryOpensAt, capacity, ratePerSecond, stock } = terms;
  const minCapacity = Math.max(1, Math.ceil(ratePerSecond / 1000));
  const fault = (member: string, detail: string): FieldError => ({
    pointer: `/${member}`,
    code: 'out-of-range',
    detail,
  });
  return [
    ...(endAt > startAt ? [] : [fault('endAt', 'Must be after startAt.')]),
    ...(entryOpensAt <= startAt ? [] : [fault('entryOpensAt', 'Must not be after startAt.')]),
    ...(capacity >= minCapacity ? [] : [fault('capacity', `Must be at least ${minCapacity}.`)]),
    ...(capacity <= stock ? [] : [fault('capacity', 'Must not be above stock.')]),
    ...(terms.challengeAt <= terms.denyAt
      ? []
      : [fault(blamed, 'challengeAt must not be above denyAt.')]),
  ];
}
