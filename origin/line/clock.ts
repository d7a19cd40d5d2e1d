// Setting the line's clock: when it must be, and what with. `lua/set-clock.lua` does it.

import type { LineClock } from '../../shared/clock.ts';
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

export interface ClockSetting {
  readonly row: ActivityRow;
  readonly term: number;
  readonly speed: number;
  /** What decided it. */
  readonly reason: string;
  readonly virtualUntil: number;
  readonly from: Frontier;
  /** Written in the same step as the clock; undefined leaves what stands. */
  readonly callLog: { readonly text: string; readonly counted: number } | undefined;
}

export type SetClockAnswer =
  | { readonly kind: 'set' | 'opened'; readonly clock: LineClock }
  /** A later leader has set it. */
  | { readonly kind: 'superseded'; readonly term: number };

/** A clock is set again after this time, long before its leash ends. */
export const RESET_MS = 900;
/** From so long before the start on it follows the goods. */
const BEFORE_START_MS = 2_000;

/** Whether the clock is missing, another activity's, an older leader's, or of other terms. */
export function mustSetClock(
  row: ActivityRow,
  { clock, bucket }: Pick<StoredLine, 'clock' | 'bucket'>,
  { term, speed }: { readonly term: number; readonly speed: number },
): boolean {
  if (clock === undefined || clock.activityId !== row.activityId) return true;
  if (clock.term > term) return false;
  return clock.term < term || bucket === undefined || !isOfTerms(clock, row, speed);
}

/** Whether a clock that need not be set is due to follow the goods again. */
export function isClockDue(row: ActivityRow, setAt: number, nowMs: number): boolean {
  if (nowMs >= row.endAt || nowMs < row.startAt - BEFORE_START_MS) return false;
  return nowMs - setAt >= RESET_MS;
}

function isOfTerms(clock: StoredClock, row: ActivityRow, speed: number): boolean {
  return (
    // To stand or to run is decided at once, by how much at the next round.
    clock.speed > 0 === speed > 0 &&
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
  const speed = row.paused ? 0 : 1;
  return { virtualAt: 0, realAt: row.startAt, speed, virtualUntil: 0, term, version: 0 };
}

/**
 * Sets the clock, and opens the line behind `from` where there is none. Repeated, it counts nobody
 * twice: who came is taken off their list in the step that writes the log. A caller that got no
 * answer must read the log again.
 */
export async function setClock(
  { redis, script }: { readonly redis: Redis; readonly script: Script },
  { row, term, speed, reason, virtualUntil, from, callLog }: ClockSetting,
): Promise<SetClockAnswer> {
  const { skuId } = row;
  const keys = [
    edgeKeys.lineClock(skuId),
    edgeKeys.tokenBucket(skuId),
    edgeKeys.tokenBucketLast(skuId),
    edgeKeys.tokenBucketRemainder(skuId),
    edgeKeys.came(skuId),
    edgeKeys.callLog(skuId),
  ];
  const answer = await script.run(redis, keys, [
    row.activityId,
    term,
    speed,
    virtualUntil,
    row.ratePerSecond,
    row.capacity,
    row.ticketWindowSeconds * 1000,
    row.startAt,
    row.endAt,
    row.queueLimit,
    from.virtualAt,
    from.frontier,
    keysLifetime(row),
    callLog?.text ?? '',
    callLog?.counted ?? 0,
    reason,
  ]);
  const [word, ...numbers]: unknown[] = Array.isArray(answer) ? answer : [];
  const [first, realAt, version] = numbers.map(Number);
  if (first === undefined) throw new Error('set-clock answered in another form');
  if (word === 'superseded') return { kind: 'superseded', term: first };
  if ((word !== 'set' && word !== 'opened') || realAt === undefined || version === undefined) {
    throw new Error('set-clock answered in another form');
  }
  const clock = { virtualAt: first, realAt, speed, term, version };
  return { kind: word, clock: { ...clock, virtualUntil: Math.max(virtualUntil, first) } };
}
