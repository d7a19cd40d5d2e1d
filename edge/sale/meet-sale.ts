// Between a valid request and the line: is there such a sale, does this client ask too often, and
// does the sale take purchases? One HTTP request to Redis answers all three, and brings the facts
// that the visitor is judged by; or none is needed.
import { edgeKeys } from '../../shared/keys.ts';
import type { Refusal } from '../../shared/refusal.ts';
import { isSkuId } from '../../shared/words.ts';
import { hasEntered } from '../admit/place.ts';
import type { Call } from '../call.ts';
import { type IpLimit, rateLimitHeaders, secondsUntil } from '../ip-limit/ip-limit.ts';
import type { Count } from '../ip-limit/isolate-limit.ts';
import { type Standing, standingIn, standingRide } from '../policy/standing.ts';
import type { Attempt, Turned, TurnedBack } from '../policy/turned-back.ts';
import { countVisit, type Visitor, type VisitorParts } from '../policy/visitor.ts';
import type { Reply, Ride } from '../redis/ride.ts';
import type { PurchaseFacts } from '../score/facts.ts';
import { opennessOf } from './openness.ts';
import { REFRESH_AHEAD_MS, type SaleStatuses } from './sale-statuses.ts';
import type { Held, KnownSale } from './status-memory.ts';
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

export async function meetSale(parts: SaleParts, call: Call, visitor: Visitor): Promise<Met> {
  const { ipLimit, statuses, turnedAway } = parts;
  const { skuId, userKey, user } = visitor;
  if (!isSkuId(skuId)) return UNKNOWN;
  const held = statuses.peek(skuId);
  if (held.kind === 'missing') return UNKNOWN;
  const repeated = await meetAgain(parts, call, { visitor, held });
  if (repeated !== undefined) return repeated;

  const keys = keysToRead(held, visitor);
  const opensAt = held.kind === 'sale' ? held.sale.status.startAt : undefined;
  const counting = await countVisit(parts, visitor, opensAt);
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
  const isIn = hasEntered(place ?? null);
  const away = awayOf(sale, userKey);
  if (openness.kind === 'closed' && !isIn) {
    turnedAway.add(away, Date.now());
    return { kind: 'refuse', refusal: openness.refusal };
  }
  turnedAway.remove(away);
  const facts = await counting?.read(counted);
  return { kind: 'pass', sale, hasEntered: isIn, standing: standingIn(standing), facts };
}

/** Who was turned away or back, and still would be, is so again, at no cost in Redis. */
async function meetAgain(
  { ipLimit, statuses, turnedAway, turnedBack }: SaleParts,
  call: Call,
  { visitor, held }: { readonly visitor: Visitor; readonly held: Held },
): Promise<Met | undefined> {
  if (held.kind !== 'sale') return undefined;
  const { skuId, userKey, client } = visitor;
  const away = awayOf(held.sale, userKey);
  const turned = turnedBack.find(attemptOf(held.sale, visitor), Date.now());
  const isAway = turnedAway.has(away, Date.now());
  if (!isAway && turned === undefined) return undefined;
  const reading = await statuses.read(skuId, call);
  if (reading.kind !== 'sale' || awayOf(reading.sale, userKey) !== away) return undefined;
  const openness = opennessOf(reading.sale, Date.now());
  const again = againOf(openness, isAway ? undefined : turned);
  if (again === undefined) return undefined;
  const count = ipLimit.takeHere(client);
  setRateLimit(call, count);
  return count.isAllowed ? again : tooMany(count);
}

function againOf(
  openness: ReturnType<typeof opennessOf>,
  turned: Turned | undefined,
): Met | undefined {
  if (openness.kind === 'not-open') return undefined;
  // Neither has a place that entered, so a sale that closed meanwhile is closed to both.
  if (openness.kind === 'closed') return { kind: 'refuse', refusal: openness.refusal };
  return turned === undefined ? undefined : { kind: 'turned-back', turned };
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

const awayOf = ({ status }: KnownSale, userKey: string): string =>
  `${status.activityId}:${userKey}`;

function setRateLimit(call: Call, count: Count): void {
  Object.assign(call.headers, rateLimitHeaders(count, Date.now()));
}

function tooMany({ resetAt }: Count): Met {
  const retryAfterSeconds = secondsUntil(resetAt, Date.now());
  return { kind: 'refuse', refusal: { kind: 'rate-limited', retryAfterSeconds } };
}
