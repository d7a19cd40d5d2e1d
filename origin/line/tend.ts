// One round of a number of lines: read what stands, set the clocks that must be, write documents.
import { type LineClock, virtualTime } from '../../shared/clock.ts';
import { inventoryKeys } from '../../shared/keys.ts';
import type { Outlook } from '../../shared/outlook.ts';
import type { Lead } from '../leadership/leadership.ts';
import { tripsOf } from '../redis/nodes.ts';
import type { ActivityRow } from '../store/store.ts';
import { frontierOf, waitingAt } from './bucket-facts.ts';
import { type CountsAnswer, readCounts, type StockCounts, unsold } from './counts.ts';
import { noteForecast, scoreForecasts } from './forecast-record.ts';
import { keepClock } from './keep-clock.ts';
import type { LineOptions } from './line.ts';
import type { LineMemory } from './line-memory.ts';
import { outlookOf } from './outlook-of.ts';
import { returnsOf } from './returns.ts';
import { saleStatusOf, writeStatus } from './status-document.ts';
import { NO_LINE, readLines, type StoredLine } from './stored-line.ts';

export interface Tended {
  readonly row: ActivityRow;
  readonly memory: LineMemory;
}

/** Three round trips for all: read, set clocks, write. Rejects when the edge Redis is away. */
export async function tendLines(
  lead: Lead,
  options: LineOptions,
  tended: readonly Tended[],
): Promise<void> {
  const wanted = tended.map(({ row: { skuId }, memory: { following, looksAgainAt } }) => ({
    skuId,
    withCame: Date.now() >= looksAgainAt,
    withCallLog: following === undefined,
  }));
  const [{ nowMs, lines }, answers] = await Promise.all([
    readLines(options.edgeRedis, wanted),
    countsByActivity(options, tended),
  ]);
  if (lead.signal.aborted) return;
  await settleAll(
    tended.map(async ({ row, memory }, index) => {
      const line = lines[index] ?? NO_LINE;
      const answer = answers.get(row.activityId);
      const sellableUnits = answer?.kind === 'counts' ? answer.stock : undefined;
      const clock = await keepClock(lead, options, { row, memory, line, nowMs, sellableUnits });
      const waiting = follow({ row, memory }, { line, clock }, nowMs);
      const counts = countsFor({ row, memory }, answers);
      if (clock === undefined || counts === undefined || lead.signal.aborted) return;
      const version = Math.max(nowMs, memory.version + 1);
      const outlook = lookAhead({ row, memory }, { clock, counts, nowMs });
      const draw = options.drawStatusOf(row);
      const status = saleStatusOf({ row, nowMs, version, clock, waiting, counts, outlook, draw });
      score(options, { row, memory }, { line, clock, outlook, nowMs });
      const target = { redis: options.edgeRedis, script: options.scripts.setStatus };
      memory.version = await writeStatus(target, row, status);
      if (memory.version === version) options.watch.status(status, counts.stock);
    }),
  );
}

/** What stands for a sale whose counts nobody could tell yet: the origin decides. */
const UNKNOWN_COUNTS: StockCounts = unsold(1);

/** Waits for all, then throws the first failure: one line that fails holds up no other. */
async function settleAll(works: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(works)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
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

interface Outset {
  readonly clock: LineClock;
  readonly counts: StockCounts;
  readonly nowMs: number;
}

/** null while nobody can know: before the line is opened, and where its clock was just lost. */
function lookAhead(
  { row, memory: { plan, orders } }: Tended,
  { clock, counts, nowMs }: Outset,
): Outlook | null {
  if (row.state !== 'LOADED' || plan === undefined) return null;
  const { sold, held, sequence, stock } = counts;
  const payWindowMs = row.paymentWindowSeconds * 1000;
  return outlookOf({
    ...{ reach: plan.reach, speed: clock.speed, stock, held, expectation: plan.expectation },
    returns: returnsOf(orders, { sold, held, sequence }, { nowMs, payWindowMs }),
    returnRounds: returnRoundsOf(row, counts, nowMs),
  });
}

/** What returns at the end or later goes back to the shop. */
function returnRoundsOf(row: ActivityRow, { firstPayBy }: StockCounts, nowMs: number): number {
  const rounds = Math.floor((row.endAt - nowMs) / (row.paymentWindowSeconds * 1000));
  return Math.max(0, rounds, firstPayBy !== null && firstPayBy < row.endAt ? 1 : 0);
}

function score(
  { watch }: LineOptions,
  { memory }: Tended,
  {
    line,
    clock,
    outlook,
    nowMs,
  }: { line: StoredLine; clock: LineClock; outlook: Outlook | null; nowMs: number },
): void {
  const virtualMs = virtualTime(clock, nowMs);
  const { forecasts, reached } = memory;
  for (const one of scoreForecasts(forecasts, { nowMs, virtualMs, speed: clock.speed })) {
    watch.scored(one);
  }
  const ratePerSecond = line.clock?.rate ?? 0;
  noteForecast(forecasts, { clock, outlook, ratePerSecond }, { frontier: reached.frontier, nowMs });
}

/** Without those whose inventory Redis is away: these, where loaded, get no document. */
async function countsByActivity(
  { inventory, onError }: LineOptions,
  tended: readonly Tended[],
): Promise<ReadonlyMap<string, CountsAnswer>> {
  const loaded = tended.map(({ row }) => row).filter((row) => row.state === 'LOADED');
  const keyOf = ({ skuId }: ActivityRow): string => inventoryKeys.activity(skuId);
  const trips = tripsOf(inventory.redis, loaded, { keyOf, most: loaded.length });
  const read = trips.map(async (trip) => {
    try {
      const answers = await readCounts(inventory, trip);
      return trip.flatMap(({ activityId }, index) => entry(activityId, answers[index]));
    } catch (error) {
      onError(error);
      return [];
    }
  });
  return new Map((await Promise.all(read)).flat());
}

const entry = (id: string, answer: CountsAnswer | undefined): [string, CountsAnswer][] =>
  answer === undefined ? [] : [[id, answer]];

function countsFor(
  { row, memory }: Tended,
  answers: ReadonlyMap<string, CountsAnswer>,
): StockCounts | undefined {
  if (row.state !== 'LOADED') return unsold(row.stock);
  const answer = answers.get(row.activityId);
  if (answer === undefined) return undefined;
  if (answer.kind === 'counts') memory.counts = answer;
  return memory.counts ?? UNKNOWN_COUNTS;
}
