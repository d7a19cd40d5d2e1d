// Who was called in the last window, and how many of them came. It stands in the edge Redis beside
// the clock, so that a leader that takes over knows whom to expect.
import { MAX_BINS } from './arrival-curve.ts';

/** People called at about one time. */
export interface Call {
  /** Epoch ms; moves on while the sale is paused, for nobody can come then. */
  calledAt: number;
  /** The last turn of these people. */
  upTo: number;
  called: number;
  came: number;
}

export interface CallLog {
  /** Epoch ms of the round that wrote it. */
  at: number;
  /** Turns up to this one are older than the log. */
  from: number;
  /** People called since the line was opened. */
  total: number;
  /** Of these people, those who came, since the line was opened. */
  totalCame: number;
  /** Epoch ms of the last moment in which nobody could get a unit, whatever the stock. */
  blockedAt: number;
  /** Sellable units when it was written. */
  units: number;
  /** Oldest first; turns rise. */
  readonly calls: Call[];
}

export const newCallLog = (at: number, total: number): CallLog => ({
  ...{ at, from: -1, total, totalCame: 0, blockedAt: 0, units: 0, calls: [] },
});

/** Adds people whose turns lie above all turns before, up to `upTo`. */
export function addCall(
  log: CallLog,
  call: { readonly calledAt: number; readonly upTo: number; readonly called: number },
  binMs: number,
): void {
  log.total += call.called;
  const last = log.calls.at(-1);
  const isFull = log.calls.length >= 2 * MAX_BINS;
  if (last !== undefined && (isFull || call.calledAt - last.calledAt < binMs)) {
    last.upTo = call.upTo;
    last.called += call.called;
    return;
  }
  log.calls.push({ ...call, came: 0 });
}

/** The call that a turn belongs to; undefined for one that is older than the log. */
export function callOf({ calls, from }: CallLog, turn: number): Call | undefined {
  if (turn <= from) return undefined;
  let [low, high] = [0, calls.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((calls[middle]?.upTo ?? 0) < turn) low = middle + 1;
    else high = middle;
  }
  return calls[low];
}

/** Forgets who was called more than a window ago. */
export function dropOldCalls(log: CallLog, nowMs: number, windowMs: number): void {
  const keep = log.calls.findIndex(({ calledAt }) => nowMs - calledAt < windowMs);
  const dropped = log.calls.splice(0, keep === -1 ? log.calls.length : keep);
  log.from = dropped.at(-1)?.upTo ?? log.from;
}

/** Numbers with spaces between: seven of the log (the version first), then four of each call. */
export function writeCallLog({ at, from, total, totalCame, blockedAt, units, calls }: CallLog) {
  const numbers = [1, at, from, total, totalCame, blockedAt, units];
  for (const { calledAt, upTo, called, came } of calls) numbers.push(calledAt, upTo, called, came);
  return numbers.map((number) => Math.round(number)).join(' ');
}

/** undefined for a text of another form: then the log begins anew. */
export function parseCallLog(text: string | undefined): CallLog | undefined {
  if (text === undefined || !/^1( -?\d{1,16}){6}(( \d{1,16}){4})*$/.test(text)) return undefined;
  const [, at = 0, from = 0, total = 0, totalCame = 0, blockedAt = 0, units = 0, ...rest] = text
    .split(' ')
    .map(Number);
  const calls: Call[] = [];
  for (let index = 0; index + 3 < rest.length && calls.length <= 2 * MAX_BINS; index += 4) {
    const [calledAt = 0, upTo = 0, called = 0, came = 0] = rest.slice(index, index + 4);
    calls.push({ calledAt, upTo, called, came });
  }
  return { at, from, total, totalCame, blockedAt, units, calls };
}
