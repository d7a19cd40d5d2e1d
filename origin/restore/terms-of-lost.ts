// The terms of an activity that was made behind the backup, as far as Redis and the order log tell.
import { type ActivityTermsResult, parseActivityTerms } from '../../shared/activity.ts';
import type { LoggedActivity, ServedActivity } from './facts.ts';

export interface Traces {
  readonly log: LoggedActivity | undefined;
  readonly redis: ServedActivity | undefined;
}

const MAX_LIMIT = 100;

/**
 * Its title, queue and thresholds are guesses: the defaults. Where Redis has lost it, it is over,
 * and what it needs is a row that its orders can stand under.
 */
export function termsOfLost({ log, redis }: Traces): ActivityTermsResult {
  const terms = redis?.texts ?? {};
  const numberOf = (name: string): number | undefined =>
    terms[name] === undefined ? undefined : Number(terms[name]);
  const stock = Math.max(1, numberOf('total') ?? 0, log?.mostStock ?? 0, soldAtMost(log));
  const startAt = numberOf('startAt') ?? log?.from ?? 0;
  const endAt = numberOf('endAt') ?? (log?.until ?? startAt) + 1;
  const windowMs = numberOf('paymentWindow') ?? log?.sample?.paymentWindowMs;
  const rate = numberOf('rate');
  const capacity = numberOf('capacity');
  const body = {
    skuId: (redis ?? log)?.skuId,
    stock,
    price: numberOf('price') ?? log?.sample?.price ?? 0,
    currency: terms.currency ?? log?.sample?.currency,
    startAt: new Date(startAt).toISOString(),
    endAt: new Date(endAt).toISOString(),
    limitPerUser: numberOf('limit') ?? MAX_LIMIT,
    ...(windowMs !== undefined && { paymentWindowSeconds: Math.round(windowMs / 1_000) }),
    ...(rate !== undefined && { ratePerSecond: rate }),
    ...(capacity !== undefined && { capacity: Math.min(capacity, stock) }),
    draw: false,
  };
  const given = Object.entries(body).filter(([, value]) => value !== undefined);
  return parseActivityTerms(Object.fromEntries(given), { createdAt: startAt });
}

/** No more were ever sold at once than were reserved. */
const soldAtMost = (log: LoggedActivity | undefined): number => log?.unitsReserved ?? 0;
