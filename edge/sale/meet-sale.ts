// Between a valid request and the line: is there such a sale, does this client ask too often, and
// does the sale take purchases? One HTTP request to Redis answers all three, and brings the facts
// that the visitor is judged by; or none is needed.
import { edgeKeys } from '../../shared/keys.ts';
import type { Refusal } from '../../shared/refusal.ts';
import type { Ticket } from '../../shared/ticket.ts';
import { isSkuId } from '../../shared/words.ts';
import { hasEntered } from '../admit/place.ts';
import type { Call } from '../call.ts';
import { type IpLimit, rateLimitHeaders, secondsUntil } from '../ip-limit/ip-limit.ts';
import type { Count } from '../ip-limit/isolate-limit.ts';
import { type Standing, standingIn, standingRide } from '../policy/standing.ts';
import type { Attempt, Turned, TurnedBack } from '../policy/turned-back.ts';
import {
  countVisit,
  type VisitMoment,
  type Visitor,
  type VisitorParts,
} from '../policy/visitor.ts';
import type { Reply, Ride } from '../redis/ride.ts';
import type { PurchaseFacts } from '../score/facts.ts';
import { type Openness, openingOf, opennessOf } from './openness.ts';
import { REFRESH_AHEAD_MS, type SaleStatuses } from './sale-statuses.ts';
import { type Held, type KnownSale, serverTime } from './status-memory.ts';
import type { TurnedAway } from './turned-away.ts';

export interface SaleParts extends VisitorParts {
  readonly ipLimit: IpLimit;
  readonly statuses: SaleStatuses;
  readonly turnedAway: TurnedAway;
  readonly turnedBack: TurnedBack;
}

export type Met =
  | {
      readonly kind: 'pass';
      readonly sale: KnownSale;
      /** The user's place has entered: an order may exist, and nothing may stand before it. */
      readonly hasEntered: boolean;
      readonly standing: Standing;
      /** undefined without a device token, and where Redis could not tell. */
      readonly facts: PurchaseFacts | undefined;
    }
  | { readonly kind: 'turned-back'; readonly turned: Turned }
  | { readonly kind: 'refuse'; readonly refusal: Refusal };

const UNKNOWN: Met = { kind: 'refuse', refusal: { kind: 'unknown-sku' } };
const AWAY: Met = { kind: 'refuse', refusal: { kind: 'unavailable', retryAfterSeconds: 1 } };

/** `shown`: a ticket of this user and item that came along, checked: a place that Redis may have lost. */
export async function meetSale(
  parts: SaleParts,
  call: Call,
  { visitor, shown }: { readonly visitor: Visitor; readonly shown: Ticket | undefined },
): Promise<Met> {
  const { ipLimit, statuses, turnedAway } = parts;
  const { skuId, userKey, user } = visitor;
  if (!isSkuId(skuId)) return UNKNOWN;
  const held = statuses.peek(skuId);
  if (held.kind === 'missing') return UNKNOWN;
  const repeated = await meetAgain(parts, call, { visitor, held, shown });
  if (repeated !== undefined) return repeated;
  const blocked = held.kind === 'sale' ? ipLimit.blocked(visitor.client) : undefined;
  if (blocked !== undefined) {
    setRateLimit(call, blocked);
    return tooMany(blocked);
  }

  const keys = keysToRead(held, visitor);
  const counting = await countVisit(parts, visitor, momentIn(held));
  const mget: Ride = ['mget', ...keys];
  const rides = [mget, standingRide(user), ...(counting?.rides ?? [])];
  const { count, carried } = await ipLimit.take(visitor.client, rides);
  const [read, standing, ...counted] = carried.kind === 'carried' ? carried.replies : [];
  const [place, document] = textsIn(read);
  if (document !== undefined) statuses.adopt(skuId, document);
  setRateLimit(call, count);
  // What was fresh is judged as it was: the keys were chosen by it.
  const found = held.kind === 'sale' && keys.length < 2 ? held : statuses.peek(skuId);
  if (found.kind === 'missing') return UNKNOWN;
  if (!count.isAllowed) return tooMany(count);
  if (found.kind === 'nothing') return AWAY;

  const { sale } = found;
  const openness = opennessOf(sale, Date.now());
  if (openness.kind === 'not-open') return { kind: 'refuse', refusal: openness.refusal };
  if (carried.kind === 'away' || read?.error !== undefined) return AWAY;
  const isIn = hasEntered(place ?? null, sale.status.activityId);
  const hasPlace = place !== null && place !== undefined;
  const person = { activityId: sale.status.activityId, userKey };
  if (isBarred(openness, { isIn, hasPlace: hasPlace || isOf(sale, shown) })) {
    turnedAway.add(person, openness.refusal, Date.now());
    return { kind: 'refuse', refusal: openness.refusal };
  }
  turnedAway.remove(person);
  const facts = await counting?.read(counted);
  return { kind: 'pass', sale, hasEntered: isIn, standing: standingIn(standing), facts };
}

/** By the later of two clocks: nobody is early because this isolate is late. */
function momentIn(held: Held): VisitMoment {
  const now = Date.now();
  if (held.kind !== 'sale') return { now, opensAt: undefined };
  return { now: Math.max(now, serverTime(held.sale, now)), opensAt: openingOf(held.sale.status) };
}

type Barred = Extract<Openness, { kind: 'full' | 'closed' }>;

function isBarred(
  openness: Openness,
  { isIn, hasPlace }: { readonly isIn: boolean; readonly hasPlace: boolean },
): openness is Barred {
  if (isIn) return false;
  return openness.kind === 'closed' || (openness.kind === 'full' && !hasPlace);
}

const isOf = ({ status }: KnownSale, shown: Ticket | undefined): boolean =>
  shown?.activityId === status.activityId;

/** Who was turned away or back, and still would be, is so again, at no cost in Redis. */
async function meetAgain(
  { ipLimit, statuses, turnedAway, turnedBack }: SaleParts,
  call: Call,
  { visitor, held, shown }: { visitor: Visitor; held: Held; shown: Ticket | undefined },
): Promise<Met | undefined> {
  if (held.kind !== 'sale') return undefined;
  const { skuId, userKey, client } = visitor;
  const nowMs = Date.now();
  const turned = turnedBack.find(attemptOf(held.sale, visitor), nowMs);
  const person = { activityId: held.sale.status.activityId, userKey };
  const wasTold = (openness: Openness): boolean =>
    'refusal' in openness && turnedAway.has(person, openness.refusal, nowMs);
  if (turned === undefined && !wasTold(opennessOf(held.sale, nowMs))) return undefined;
  const reading = await statuses.read(skuId, call);
  if (reading.kind !== 'sale') return undefined;
  const { sale } = reading;
  if (sale.status.activityId !== person.activityId) return undefined;
  const openness = opennessOf(sale, nowMs);
  const been = { turned, isAway: wasTold(openness), isHolder: isOf(sale, shown) };
  const again = againOf(openness, been);
  if (again === undefined) return undefined;
  const count = ipLimit.takeHere(client);
  setRateLimit(call, count);
  return count.isAllowed ? again : tooMany(count);
}

function againOf(
  openness: Openness,
  been: {
    readonly turned: Turned | undefined;
    readonly isAway: boolean;
    readonly isHolder: boolean;
  },
): Met | undefined {
  const { turned, isAway, isHolder } = been;
  switch (openness.kind) {
    case 'not-open':
      return undefined;
    case 'open':
      return turned === undefined ? undefined : { kind: 'turned-back', turned };
    case 'full':
      return isAway && !isHolder ? { kind: 'refuse', refusal: openness.refusal } : undefined;
    case 'closed': {
      // Who was turned back has no place that entered.
      const isKnown = isAway || turned !== undefined;
      return isKnown ? { kind: 'refuse', refusal: openness.refusal } : undefined;
    }
  }
}

/** The place first, then the document, of which a young one need not be read again. */
function keysToRead(held: Held, { skuId, userKey }: Visitor): string[] {
  const place = edgeKeys.place(skuId, userKey);
  const isYoung = held.kind === 'sale' && held.ageMs <= REFRESH_AHEAD_MS;
  return isYoung ? [place] : [place, edgeKeys.saleStatus(skuId)];
}

function textsIn(reply: Reply | undefined): (string | null)[] {
  const values: unknown = reply?.result;
  if (!Array.isArray(values)) return [];
  return values.map((value: unknown) => (typeof value === 'string' ? value : null));
}

export function attemptOf({ status }: KnownSale, { user, witness }: Visitor): Attempt {
  return { activityId: status.activityId, user, tokenAt: witness?.token.issuedAt ?? 0 };
}

function setRateLimit(call: Call, count: Count): void {
  Object.assign(call.headers, rateLimitHeaders(count, Date.now()));
}

function tooMany({ resetAt }: Count): Met {
  const retryAfterSeconds = secondsUntil(resetAt, Date.now());
  return { kind: 'refuse', refusal: { kind: 'rate-limited', retryAfterSeconds } };
}
