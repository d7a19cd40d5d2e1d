// Between a valid request and the line: is there such a sale, does this network ask too often, and
// does the sale take purchases? One HTTP request to Redis answers all three, or none is needed.
import { edgeKeys } from '../../shared/keys.ts';
import type { Refusal } from '../../shared/refusal.ts';
import { isSkuId } from '../../shared/words.ts';
import { hasEntered } from '../admit/place.ts';
import type { Call } from '../call.ts';
import { type IpLimit, rateLimitHeaders, secondsUntil } from '../ip-limit/ip-limit.ts';
import type { Count } from '../ip-limit/isolate-limit.ts';
import { opennessOf } from './openness.ts';
import { REFRESH_AHEAD_MS, type SaleStatuses } from './sale-statuses.ts';
import type { Held, KnownSale } from './status-memory.ts';
import type { TurnedAway } from './turned-away.ts';

export interface SaleParts {
  readonly ipLimit: IpLimit;
  readonly statuses: SaleStatuses;
  readonly turnedAway: TurnedAway;
}

export interface Visitor {
  readonly skuId: string;
  readonly userKey: string;
}

export type Met =
  | { readonly kind: 'pass'; readonly sale: KnownSale }
  | { readonly kind: 'refuse'; readonly refusal: Refusal };

const UNKNOWN: Met = { kind: 'refuse', refusal: { kind: 'unknown-sku' } };
const AWAY: Met = { kind: 'refuse', refusal: { kind: 'unavailable', retryAfterSeconds: 1 } };

export async function meetSale(parts: SaleParts, call: Call, visitor: Visitor): Promise<Met> {
  const { ipLimit, statuses, turnedAway } = parts;
  const { skuId, userKey } = visitor;
  if (!isSkuId(skuId)) return UNKNOWN;
  const held = statuses.peek(skuId);
  if (held.kind === 'missing') return UNKNOWN;
  const repeated = await meetAgain(parts, call, { ...visitor, held });
  if (repeated !== undefined) return repeated;

  const keys = keysToRead(held, visitor);
  const { count, carried } = await ipLimit.take(call.network, keys);
  const [place, document] = carried.kind === 'carried' ? carried.values : [];
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
  if (carried.kind === 'away') return AWAY;
  const user = userOf(sale, userKey);
  if (openness.kind === 'closed' && !hasEntered(place ?? null)) {
    turnedAway.add(user, Date.now());
    return { kind: 'refuse', refusal: openness.refusal };
  }
  turnedAway.remove(user);
  return { kind: 'pass', sale };
}

/** Who was turned away, and still would be, is so again, at no cost in Redis. */
async function meetAgain(
  { ipLimit, statuses, turnedAway }: SaleParts,
  call: Call,
  { held, skuId, userKey }: Visitor & { readonly held: Held },
): Promise<Met | undefined> {
  if (held.kind !== 'sale') return undefined;
  const user = userOf(held.sale, userKey);
  if (!turnedAway.has(user, Date.now())) return undefined;
  const reading = await statuses.read(skuId, call);
  if (reading.kind !== 'sale' || userOf(reading.sale, userKey) !== user) return undefined;
  const openness = opennessOf(reading.sale, Date.now());
  if (openness.kind !== 'closed') return undefined;
  const count = ipLimit.takeHere(call.network);
  setRateLimit(call, count);
  return count.isAllowed ? { kind: 'refuse', refusal: openness.refusal } : tooMany(count);
}

/** The place first, then the document, of which a young one need not be read again. */
function keysToRead(held: Held, { skuId, userKey }: Visitor): string[] {
  const place = edgeKeys.place(skuId, userKey);
  if (held.kind !== 'sale' || held.ageMs > REFRESH_AHEAD_MS) {
    return [place, edgeKeys.saleStatus(skuId)];
  }
  return opennessOf(held.sale, Date.now()).kind === 'closed' ? [place] : [];
}

const userOf = ({ status }: KnownSale, userKey: string): string =>
  `${status.activityId}:${userKey}`;

function setRateLimit(call: Call, count: Count): void {
  Object.assign(call.headers, rateLimitHeaders(count, Date.now()));
}

function tooMany({ resetAt }: Count): Met {
  const retryAfterSeconds = secondsUntil(resetAt, Date.now());
  return { kind: 'refuse', refusal: { kind: 'rate-limited', retryAfterSeconds } };
}
