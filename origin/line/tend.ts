// One round of a number of lines: read what stands, set the clocks that must be, write documents.
import { type LineClock, virtualTime } from '../../shared/clock.ts';
import type { Lead } from '../leadership/leadership.ts';
import type { ActivityRow } from '../store/store.ts';
import { frontierOf, waitingAt } from './bucket-facts.ts';
import { clockBeforeLoad, mustSetClock, setClock } from './clock.ts';
import { type CountsAnswer, readCounts, type StockCounts } from './counts.ts';
import type { LineMemory, LineOptions } from './line.ts';
import { saleStatusOf, writeStatus } from './status-document.ts';
import { readLines, type StoredLine } from './stored-line.ts';

export interface Tended {
  readonly row: ActivityRow;
  readonly memory: LineMemory;
}

/** Three round trips for all: read, set clocks (rare), write. Rejects when the edge Redis is away. */
export async function tendLines(
  lead: Lead,
  options: LineOptions,
  tended: readonly Tended[],
): Promise<void> {
  const skuIds = tended.map(({ row }) => row.skuId);
  const [{ nowMs, lines }, answers] = await Promise.all([
    readLines(options.edgeRedis, skuIds),
    countsByActivity(options, tended),
  ]);
  if (lead.signal.aborted) return;
  await settleAll(
    tended.map(async ({ row, memory }, index) => {
      const line = lines[index] ?? NO_LINE;
      const clock = await keepClock(lead, options, { row, memory }, line);
      const waiting = follow({ row, memory }, { line, clock }, nowMs);
      const counts = countsFor({ row, memory }, answers);
      if (clock === undefined || counts === undefined || lead.signal.aborted) return;
      const version = Math.max(nowMs, memory.version + 1);
      const status = saleStatusOf({ row, nowMs, version, clock, waiting, counts });
      const target = { redis: options.edgeRedis, script: options.scripts.setStatus };
      memory.version = await writeStatus(target, row, status);
      if (memory.version === version) options.onStatus(status, counts.stock);
    }),
  );
}

const NO_LINE: StoredLine = { clock: undefined, bucket: undefined };
/** What stands for a sale whose counts nobody could tell yet: the origin decides. */
const UNKNOWN_COUNTS: StockCounts = { stock: 1, total: 1 };

/** Waits for all, then throws the first failure: one line that fails holds up no other. */
async function settleAll(works: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(works)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}

/** The clock as it stands after this round; undefined where there is none to speak of. */
async function keepClock(
  { term }: Lead,
  { edgeRedis, scripts, onError }: LineOptions,
  { row, memory }: Tended,
  line: StoredLine,
): Promise<LineClock | undefined> {
  if (row.state !== 'LOADED') return clockBeforeLoad(row, term);
  if (!mustSetClock(row, line, term)) return line.clock;
  const target = { redis: edgeRedis, script: scripts.setClock };
  const answer = await setClock(target, { row, term, from: memory.reached });
  if (answer.kind !== 'superseded') return answer.clock;
  onError(new Error(`the clock of ${row.skuId} is kept by a leader of term ${answer.term}`));
  return undefined;
}

/** Remembers how far the line has come; tells how many wait. */
function follow(
  { row, memory }: Tended,
  { line, clock }: { readonly line: StoredLine; readonly clock: LineClock | undefined },
  nowMs: number,
): number {
  const { bucket } = line;
  // A bucket beside another activity's clock is that activity's.
  const isOurs = row.state === 'LOADED' && line.clock?.activityId === row.activityId;
  if (!isOurs || clock === undefined || bucket === undefined) return 0;
  const virtualMs = virtualTime(clock, nowMs);
  const { virtualAt, frontier } = memory.reached;
  memory.reached = {
    virtualAt: nowMs < row.endAt ? Math.max(virtualAt, virtualMs) : virtualAt,
    frontier: Math.max(frontier, frontierOf(bucket, row)),
  };
  return waitingAt(bucket, row, virtualMs);
}

/** Undefined while the inventory Redis is away: then loaded sales get no document. */
async function countsByActivity(
  { inventory, onError }: LineOptions,
  tended: readonly Tended[],
): Promise<ReadonlyMap<string, CountsAnswer> | undefined> {
  const loaded = tended.map(({ row }) => row).filter((row) => row.state === 'LOADED');
  try {
    const answers = await readCounts(inventory, loaded);
    return new Map(loaded.flatMap(({ activityId }, index) => entry(activityId, answers[index])));
  } catch (error) {
    onError(error);
    return undefined;
  }
}

const entry = (id: string, answer: CountsAnswer | undefined): [string, CountsAnswer][] =>
  answer === undefined ? [] : [[id, answer]];

function countsFor(
  { row, memory }: Tended,
  answers: ReadonlyMap<string, CountsAnswer> | undefined,
): StockCounts | undefined {
  if (row.state !== 'LOADED') return { stock: row.stock, total: row.stock };
  if (answers === undefined) return undefined;
  const answer = answers.get(row.activityId);
  if (answer?.kind === 'counts') memory.counts = answer;
  return memory.counts ?? UNKNOWN_COUNTS;
}
