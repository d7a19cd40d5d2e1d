// What a database that was put back from a backup lacks, activity by activity: pure.
import type { ReadmitActivity } from '../store/restore-port.ts';
import type { ActivityRow } from '../store/store.ts';
import { isBehind, type LoggedActivity, type Numbered, type ServedActivity } from './facts.ts';

/**
 * `whole`: nothing is known that the database lacks. `behind`: events, a newer epoch or newer terms.
 * `unloaded`: loaded behind the backup. `over`: another activity of its SKU has been loaded since.
 * `unknown`: made behind the backup.
 */
export type Finding = 'whole' | 'behind' | 'unloaded' | 'over' | 'unknown';

export interface Found {
  readonly activityId: string;
  readonly skuId: string;
  readonly finding: Finding;
  /** What the database has applied; `0-0` where it has loaded nothing. */
  readonly applied: string;
  /** The newest that Redis or the order log know. */
  readonly newest: string;
  readonly events: number;
  /** Where its orders come from: Redis where no log is kept, or the log has lost some of them. */
  readonly source: 'log' | 'redis';
  /** For people: what cannot be had back, or has to be done again by hand. */
  readonly notes: readonly string[];
  readonly readmit: Omit<ReadmitActivity, 'now'> | undefined;
}

export interface PlanFacts {
  readonly rows: readonly ActivityRow[];
  /** Undefined on the embedded stack, which keeps no log. */
  readonly logged: readonly LoggedActivity[] | undefined;
  readonly served: readonly ServedActivity[];
  /** The activity of a SKU's last event in the log. */
  readonly lastOf: (skuId: string) => string | undefined;
}

const NOTHING: Numbered = { epoch: 0, seq: 0 };

export function planRestore(facts: PlanFacts): readonly Found[] {
  const { rows, served } = facts;
  const logged = facts.logged ?? [];
  const ids = new Set([...rows, ...logged, ...served].map(({ activityId }) => activityId));
  return [...ids].flatMap((activityId) => {
    const known: Known = {
      row: rows.find((one) => one.activityId === activityId),
      log: logged.find((one) => one.activityId === activityId),
      redis: served.find((one) => one.activityId === activityId),
    };
    const { skuId } = known.row ?? known.log ?? known.redis ?? {};
    return skuId === undefined ? [] : [find(facts, known, { activityId, skuId })];
  });
}

interface Known {
  readonly row: ActivityRow | undefined;
  readonly log: LoggedActivity | undefined;
  readonly redis: ServedActivity | undefined;
}

function find(
  facts: PlanFacts,
  known: Known,
  ids: { readonly activityId: string; readonly skuId: string },
): Found {
  const { row, log, redis } = known;
  const newest = later(log?.newest, redis?.newest);
  const applied = row?.applied ?? NOTHING;
  const found = {
    ...{ ...ids, applied: textOf(applied), newest: textOf(newest) },
    ...{ events: eventsOf(known, applied), source: sourceOf(known), notes: notesOf(known) },
  };
  if (row === undefined) return { ...found, finding: 'unknown', readmit: undefined };
  const finding = findingOf(facts, known, row);
  const isDone = finding === 'whole' || row.state === 'CLOSED' || row.state === 'CLOSING';
  return { ...found, finding, readmit: isDone ? undefined : readmitOf(known, row, finding) };
}

function findingOf(facts: PlanFacts, { log, redis }: Known, row: ActivityRow): Finding {
  const newest = later(log?.newest, redis?.newest);
  const isOver = isElsewhere(facts, row);
  if (row.state === 'SCHEDULED') {
    if (log === undefined && redis === undefined) return 'whole';
    return isOver ? 'over' : 'unloaded';
  }
  if (row.state === 'LOADED' && isOver) return 'over';
  const isAhead =
    isBehind(newest, row.applied) ||
    (redis?.markedEpoch ?? 0) > row.epochTaken ||
    versionOf(redis) > row.version;
  return isAhead ? 'behind' : 'whole';
}

/** Whether the SKU serves another activity that came later. */
function isElsewhere({ served, lastOf }: PlanFacts, { skuId, activityId }: ActivityRow): boolean {
  const last = lastOf(skuId);
  if (last !== undefined && last !== activityId) return true;
  const present = served.find((one) => one.skuId === skuId);
  return last === undefined && present !== undefined && present.activityId !== activityId;
}

function readmitOf({ log, redis }: Known, row: ActivityRow, finding: Finding): Found['readmit'] {
  const newest = later(log?.newest, redis?.newest);
  const knownEpoch = Math.max(newest.epoch, redis?.markedEpoch ?? 0, row.epochTaken);
  const first = log?.first ?? { epoch: redis?.newest.epoch ?? 1, seq: 1 };
  // An opening event finds what it opens only in an epoch before its own.
  const epoch = Math.max(1, first.seq === 0 ? first.epoch - 1 : first.epoch);
  const totals = [row.stock, log?.mostStock ?? 0, Number(redis?.texts.total ?? 0)];
  return {
    activityId: row.activityId,
    to: finding === 'over' ? 'CLOSED' : 'LOADED',
    knownEpoch,
    load: row.state === 'SCHEDULED' ? { epoch, stock: Math.max(...totals) } : undefined,
    stock: wantedStock({ log, redis }, row),
    live: liveTerms(redis),
    knownVersion: versionOf(redis),
  };
}

const versionOf = (redis: ServedActivity | undefined): number => Number(redis?.texts.version ?? 0);

/** Redis was told of every change within moments, so behind a backup it is never the older one. */
function liveTerms(redis: ServedActivity | undefined): ReadmitActivity['live'] {
  const endAt = Number(redis?.texts.endAt);
  return endAt > 0 ? { endAt, paused: redis?.texts.paused === '1' } : undefined;
}

/** A total that Redis has and the database has applied too says nothing of what is wanted now. */
function wantedStock({ log, redis }: Omit<Known, 'row'>, row: ActivityRow): number | undefined {
  if (log !== undefined && row.state !== 'SCHEDULED') return log.lastStock;
  const total = redis && Number(redis.texts.total);
  return log?.lastStock ?? (total === row.applied.stock ? undefined : total);
}

function eventsOf({ log, redis }: Known, applied: Numbered): number {
  const newest = log?.newest ?? redis?.newest ?? applied;
  if (!isBehind(newest, applied)) return 0;
  if (log !== undefined) return log.eventsBehind;
  return newest.epoch === applied.epoch ? newest.seq - applied.seq : newest.seq;
}

/** What Redis knows is whole where it is as new as the log. */
function sourceOf({ log, redis }: Known): Found['source'] {
  if (log === undefined) return redis === undefined ? 'log' : 'redis';
  const isRedisNew = redis !== undefined && !isBehind(log.newest, redis.newest);
  return !log.reachesBack && isRedisNew ? 'redis' : 'log';
}

function notesOf(known: Known): string[] {
  const { row, log, redis } = known;
  const notes: string[] = [];
  if (log?.reachesBack === false && sourceOf(known) === 'log') {
    notes.push(
      'the log has lost events behind the backup, and Redis too: receipts bring their orders back',
    );
  }
  if (row !== undefined && redis !== undefined) {
    for (const name of ['startAt', 'price'] as const) {
      const text = redis.texts[name];
      if (text !== undefined && Number(text) !== row[name]) {
        notes.push(
          `${name} was ${text} in Redis and is ${row[name]}: change it again if so wanted`,
        );
      }
    }
  }
  return notes;
}

const later = (one: Numbered = NOTHING, other: Numbered = NOTHING): Numbered =>
  isBehind(other, one) ? other : one;

const textOf = ({ epoch, seq }: Numbered): string => `${epoch}-${seq}`;
