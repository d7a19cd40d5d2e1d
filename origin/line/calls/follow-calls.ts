// One look at a line: who was called since the last one, who came, who is still expected.
import { type ArrivalCurve, addCome, addRisk, fade, type Stays, staysOf } from './arrival-curve.ts';
import { addCall, type CallLog, callOf, dropOldCalls } from './call-log.ts';

export interface Look {
  /** Epoch ms by the edge Redis. */
  readonly nowMs: number;
  readonly virtualMs: number;
  /** People called since the line was opened: those who were told to wait, less who still wait. */
  readonly calledTotal: number;
  /** Turns of called people who made their first request since the last look. */
  readonly came: readonly number[];
  readonly isPaused: boolean;
  /** Without one, people who are called are told to wait for a return: who comes then tells nothing. */
  readonly hasUnits: boolean;
}

export interface Expectation {
  /** E: called people who are still expected to come. */
  readonly expected: number;
  /** 1 - S(W): the share of called people who come in their window. */
  readonly comeShare: number;
  /** The share of the people called since the line was opened who have come, or are expected. */
  readonly takeShare: number;
  /** Those of them who have come. */
  readonly comers: number;
  readonly cameShare: number;
}

/** Brings log and curve up to the look; tells how many were called since the last one. */
export function followCalls(log: CallLog, curve: ArrivalCurve, look: Look): number {
  const { nowMs, virtualMs, calledTotal, came, isPaused, hasUnits } = look;
  const elapsedMs = Math.max(0, nowMs - log.at);
  const windowMs = curve.windowSeconds * 1000;
  const middle = nowMs - Math.min(elapsedMs, 1000) / 2;
  if (isPaused) for (const call of log.calls) call.calledAt += elapsedMs;
  else if (hasUnits) watch(log, curve, { middle, elapsedMs });
  const called = Math.max(0, calledTotal - log.total);
  if (called > 0) {
    addCall(log, { calledAt: middle, upTo: virtualMs, called }, curve.binSeconds * 1000 - 250);
  } else {
    // A line that was opened anew counts from the beginning.
    log.total = calledTotal;
  }
  const learner = hasUnits && !isPaused ? curve : undefined;
  for (const turn of came) noteCome(log, learner, { turn, at: middle });
  dropOldCalls(log, nowMs, windowMs);
  log.at = nowMs;
  return called;
}

function watch(
  { calls }: CallLog,
  curve: ArrivalCurve,
  { middle, elapsedMs }: { readonly middle: number; readonly elapsedMs: number },
): void {
  const seconds = elapsedMs / 1000;
  fade(curve, seconds);
  // A leader that has just begun knows the log, not what happened while nobody looked.
  if (seconds > curve.windowSeconds / 4 + 2) return;
  for (const { calledAt, called, came } of calls) {
    addRisk(curve, (middle - calledAt) / 1000, (called - came) * seconds);
  }
}

function noteCome(
  log: CallLog,
  curve: ArrivalCurve | undefined,
  { turn, at }: { readonly turn: number; readonly at: number },
): void {
  log.totalCame += 1;
  const call = callOf(log, turn);
  if (call === undefined) return;
  call.came += 1;
  // Nobody comes who was not called: what the count has missed, the people themselves show.
  if (call.came > call.called) call.called = call.came;
  if (curve !== undefined) addCome(curve, Math.max(0, at - call.calledAt) / 1000, 1);
}

export function expectationOf(log: CallLog, curve: ArrivalCurve, nowMs: number): Expectation {
  const stays: Stays = staysOf(curve);
  const never = stays(curve.windowSeconds);
  let expected = 0;
  for (const call of log.calls) {
    const age = (nowMs - call.calledAt) / 1000;
    if (age < curve.windowSeconds) {
      expected += (call.called - call.came) * (1 - never / stays(age));
    }
  }
  const { total, totalCame: comers } = log;
  const shareOf = (people: number): number => (total > 0 ? Math.min(1, people / total) : 0);
  return {
    ...{ expected, comeShare: 1 - never, comers },
    ...{ takeShare: shareOf(comers + expected), cameShare: shareOf(comers) },
  };
}
