// The clock of one line in one round: follows who was called and who came, and moves it as far as
// the goods reach.
import { fullBucket } from '../../shared/bucket.ts';
import { type LineClock, virtualTime } from '../../shared/clock.ts';
import type { Lead } from '../leadership/leadership.ts';
import type { ActivityRow } from '../store/store.ts';
import { parseCallLog, writeCallLog } from './calls/call-log.ts';
import { followLine, type LinePlan, takeUpLine } from './calls/follow-line.ts';
import { clockBeforeLoad, isClockDue, mustSetClock, RESET_MS, setClock } from './clock.ts';
import type { LineOptions } from './line.ts';
import type { LineMemory } from './line-memory.ts';
import type { StoredClock, StoredLine } from './stored-line.ts';

export interface ClockRound {
  readonly row: ActivityRow;
  readonly memory: LineMemory;
  readonly line: StoredLine;
  /** Epoch ms by the edge Redis. */
  readonly nowMs: number;
  /** undefined where nobody could get a unit, or nobody knows. */
  readonly sellableUnits: number | undefined;
}

/** The clock as it stands after this round; undefined where there is none to speak of. */
export async function keepClock(
  { term }: Lead,
  options: LineOptions,
  round: ClockRound,
): Promise<LineClock | undefined> {
  const { row, memory, line, nowMs } = round;
  if (row.state !== 'LOADED') return clockBeforeLoad(row, term);
  const { speed, reason } = options.speeds.of(row);
  const isNeeded = mustSetClock(row, line, { term, speed });
  const standing = clockOf(row, line.clock);
  if (standing !== undefined && standing.term > term) {
    return superseded(options, row, standing.term);
  }
  if (!isNeeded && !isClockDue(row, memory.setAt, nowMs)) return standing;
  const looked = look(round);
  const following = memory.following;
  const target = { redis: options.edgeRedis, script: options.scripts.setClock };
  // Without an answer nobody knows what was counted: the next round reads it.
  memory.following = undefined;
  const answer = await setClock(target, {
    ...{ row, term, speed, reason, from: memory.reached, virtualUntil: looked.virtualUntil },
    callLog:
      looked.plan === undefined || following === undefined
        ? undefined
        : { text: writeCallLog(following.log), counted: looked.counted },
  });
  if (answer.kind === 'superseded') return superseded(options, row, answer.term);
  memory.following = following;
  memory.plan = looked.plan;
  memory.setAt = nowMs;
  memory.looksAgainAt = Date.now() + RESET_MS / 2;
  if (following !== undefined) reportCalls(options, memory, following.log.total);
  options.watch.speed(row.skuId, { speed, reason });
  return answer.clock;
}

/** A later leader keeps the clock: this one has no more to say of the line. */
function superseded({ onError }: LineOptions, { skuId }: ActivityRow, term: number): undefined {
  onError(new Error(`the clock of ${skuId} is kept by a leader of term ${term}`));
}

interface Looked {
  readonly plan: LinePlan | undefined;
  readonly virtualUntil: number;
  /** Turns of `came` that the log has counted. */
  readonly counted: number;
}

function look({ row, memory, line, nowMs, sellableUnits }: ClockRound): Looked {
  const windowSeconds = row.ticketWindowSeconds;
  const seen = { nowMs, sellableUnits, isPaused: row.paused };
  const clock = clockOf(row, line.clock);
  if (clock !== undefined && line.bucket !== undefined) {
    memory.following ??= takeUpLine(parseCallLog(line.callLog), { nowMs, windowSeconds });
    memory.reportedCalls ??= memory.following.log.total;
    const { bucket, came, refusedAt } = line;
    const virtualMs = virtualTime(clock, nowMs);
    const { waited } = clock;
    const sight = { ...seen, virtualMs, bucket, waited, came, refusedAt };
    const plan = followLine(memory.following, sight, row);
    return { plan, virtualUntil: plan.virtualUntil, counted: came.length };
  }
  // A line that is opened behind turns given out stands until the next round has seen it.
  const { virtualAt, frontier } = memory.reached;
  if (clock !== undefined) {
    return { plan: undefined, virtualUntil: virtualTime(clock, nowMs), counted: 0 };
  }
  memory.following = undefined;
  if (frontier > 0) return { plan: undefined, virtualUntil: virtualAt, counted: 0 };
  memory.following = takeUpLine(undefined, { nowMs, windowSeconds });
  memory.reportedCalls = 0;
  const fresh = { ...seen, virtualMs: virtualAt, bucket: fullBucket(row), waited: 0 };
  const plan = followLine(memory.following, { ...fresh, came: [], refusedAt: 0 }, row);
  return { plan, virtualUntil: plan.virtualUntil, counted: 0 };
}

const clockOf = (row: ActivityRow, clock: StoredClock | undefined): StoredClock | undefined =>
  clock?.activityId === row.activityId ? clock : undefined;

/** Each call once: what was written with the clock counts, also where its answer was lost. */
function reportCalls({ watch }: LineOptions, memory: LineMemory, total: number): void {
  const called = total - (memory.reportedCalls ?? total);
  if (called > 0) watch.called(called);
  memory.reportedCalls = total;
}
