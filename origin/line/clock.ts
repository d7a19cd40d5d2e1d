// Setting the line's clock: when it must be, and what with. `lua/set-clock.lua` does it.

import { type LineClock, NO_LIMIT_MS } from '../../shared/clock.ts';
import { edgeKeys } from '../../shared/keys.ts';
import { keysLifetime } from '../fence/load-facts.ts';
import type { Redis } from '../redis/client.ts';
import type { Script } from '../redis/script.ts';
import type { ActivityRow } from '../store/store.ts';
import type { StoredClock, StoredLine } from './stored-line.ts';

/** What a line that its Redis has lost goes on from. */
export interface Frontier {
  readonly virtualAt: number;
  /** The highest turn given out. */
  readonly frontier: number;
}

export type SetClockAnswer =
  | { readonly kind: 'set' | 'opened'; readonly clock: LineClock }
  /** A later leader has set it. */
  | { readonly kind: 'superseded'; readonly term: number };

const speedOf = (row: ActivityRow): number => (row.paused ? 0 : 1);

/** Whether the clock is missing, another activity's, an older leader's, or of other terms. */
export function mustSetClock(row: ActivityRow, line: StoredLine, term: number): boolean {
  const { clock, bucket } = line;
  if (clock === undefined || clock.activityId !== row.activityId) return true;
  if (clock.term > term) return false;
  return clock.term < term || bucket === undefined || !isOfTerms(clock, row);
}

function isOfTerms(clock: StoredClock, row: ActivityRow): boolean {
  return (
    clock.speed === speedOf(row) &&
    clock.rate === row.ratePerSecond &&
    clock.capacity === row.capacity &&
    clock.window === row.ticketWindowSeconds * 1000 &&
    clock.startAt === row.startAt &&
    clock.endAt === row.endAt &&
    clock.queueLimit === row.queueLimit
  );
}

/** The clock of an activity that is not loaded: virtual time stands at zero. */
export function clockBeforeLoad(row: ActivityRow, term: number): LineClock {
  return {
    virtualAt: 0,
    realAt: row.startAt,
    speed: speedOf(row),
    virtualUntil: NO_LIMIT_MS,
    term,
    version: 0,
  };
}

/** Sets the clock, and opens the line behind `from` where there is none. Safe to repeat. */
export async function setClock(
  { redis, script }: { readonly redis: Redis; readonly script: Script },
  {
    row,
    term,
    from,
  }: { readonly row: ActivityRow; readonly term: number; readonly from: Frontier },
): Promise<SetClockAnswer> {
  const { skuId } = row;
  const keys = [
    edgeKeys.lineClock(skuId),
    edgeKeys.tokenBucket(skuId),
    edgeKeys.tokenBucketLast(skuId),
    edgeKeys.tokenBucketRemainder(skuId),
  ];
  const answer = await script.run(redis, keys, [
    row.activityId,
    term,
    speedOf(row),
    NO_LIMIT_MS,
    row.ratePerSecond,
    row.capacity,
    row.ticketWindowSeconds * 1000,
    row.startAt,
    row.endAt,
    row.queueLimit,
    from.virtualAt,
    from.frontier,
    keysLifetime(row),
  ]);
  const [word, ...numbers]: unknown[] = Array.isArray(answer) ? answer : [];
  const [first, realAt, version] = numbers.map(Number);
  if (first === undefined) throw new Error('set-clock answered in another form');
  if (word === 'superseded') return { kind: 'superseded', term: first };
  if ((word !== 'set' && word !== 'opened') || realAt === undefined || version === undefined) {
    throw new Error('set-clock answered in another form');
  }
  const clock = { virtualAt: first, realAt, speed: speedOf(row), term, version };
  return { kind: word, clock: { ...clock, virtualUntil: NO_LIMIT_MS } };
}
