// What a leader keeps of one line from look to look, and what each look decides: how far the clock
// may run. The simulation runs these very functions.
import type { Bucket, Pace } from '../../../shared/bucket.ts';
import { waitingAt } from '../bucket-facts.ts';
import { type ArrivalCurve, newArrivalCurve } from './arrival-curve.ts';
import { type CallLog, newCallLog } from './call-log.ts';
import { type Expectation, expectationOf, followCalls } from './follow-calls.ts';
import { fewestUnits, GOODS_WINDOW_MS, type GoodsWindow, type Reach, reachOf } from './reach.ts';

export interface Following {
  readonly log: CallLog;
  readonly curve: ArrivalCurve;
  readonly goods: GoodsWindow;
}

export interface LineLook {
  /** Epoch ms by the edge Redis. */
  readonly nowMs: number;
  readonly virtualMs: number;
  readonly bucket: Bucket;
  /** People who were told to wait since the line was opened, by `admit`'s count. */
  readonly waited: number;
  /** Turns of called people who made their first request since the last look. */
  readonly came: readonly number[];
  /** Epoch ms when the entry bucket last turned away a called place; 0 never. */
  readonly refusedAt: number;
  /** undefined where nobody could get a unit: paused, fenced, or not known. */
  readonly sellableUnits: number | undefined;
  readonly isPaused: boolean;
}

export interface LinePlan extends Reach {
  /** People called since the look before. */
  readonly called: number;
  readonly expectation: Expectation;
  readonly fewestUnits: number;
}

/** Between two looks of one leader lies about a second; more is a time in which nobody looked. */
const GAP_MS = 2_500;

/** Takes a line up where the log says, or from its beginning where there is none. */
export function takeUpLine(
  stored: CallLog | undefined,
  { nowMs, windowSeconds }: { readonly nowMs: number; readonly windowSeconds: number },
): Following {
  const log = stored ?? newCallLog(nowMs, 0);
  const isGap = stored !== undefined && nowMs - stored.at > GAP_MS;
  // Who was called and found nothing in a gap asks again before anybody else is called.
  const goods: GoodsWindow = { blockedAt: isGap ? nowMs : log.blockedAt, samples: [] };
  if (stored !== undefined && !isGap) goods.samples.push({ at: log.at, units: log.units });
  return { log, goods, curve: newArrivalCurve(windowSeconds) };
}

export function followLine(following: Following, look: LineLook, pace: Pace): LinePlan {
  const { log, curve, goods } = following;
  const { nowMs, virtualMs, bucket, waited, came, refusedAt, sellableUnits, isPaused } = look;
  const calledTotal = Math.max(0, waited - waitingAt(bucket, pace, virtualMs));
  const called = followCalls(log, curve, {
    ...{ nowMs, virtualMs, calledTotal, came, isPaused },
    hasUnits: sellableUnits !== undefined && sellableUnits > 0,
  });
  const inHand = fewestUnits(goods, nowMs, isPaused ? undefined : sellableUnits);
  const fewest = Math.max(0, inHand - mayStandAtDoor(log, { refusedAt, nowMs }));
  log.blockedAt = goods.blockedAt;
  log.units = sellableUnits ?? 0;
  const expectation = expectationOf(log, curve, nowMs);
  const { expected, comeShare } = expectation;
  const spareTokens = spareTokensAt(bucket, pace, virtualMs);
  const reach = reachOf(
    { fewestUnits: fewest, spareTokens, expected, comeShare },
    virtualMs,
    pace.ratePerSecond,
  );
  return { ...reach, called, expectation, fewestUnits: fewest };
}

/**
 * While the entry bucket refuses, people stand at the door who have come and have no unit yet. How
 * many is not known: at most all who were called lately and came.
 */
function mayStandAtDoor(
  { calls }: CallLog,
  { refusedAt, nowMs }: { readonly refusedAt: number; readonly nowMs: number },
): number {
  const isRefusing = refusedAt > 0 && nowMs - refusedAt < GOODS_WINDOW_MS;
  return isRefusing ? calls.reduce((sum, { came }) => sum + came, 0) : 0;
}

/** Tokens that newcomers may take at once: nobody calls these people, and they take units. */
function spareTokensAt(
  { balance, lastMs, remainder }: Bucket,
  { ratePerSecond, capacity }: Pace,
  virtualMs: number,
): number {
  const credit = Math.floor((remainder + Math.max(0, virtualMs - lastMs) * ratePerSecond) / 1000);
  return Math.max(0, Math.min(capacity, balance + credit));
}
