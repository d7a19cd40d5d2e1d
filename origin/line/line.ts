// The job `line`: keeps every activity's clock, writes what is known of its line and its stock as
// the status document that edges read, and saves what the line goes on from when its Redis is lost.

import type { DrawStatus } from '../../shared/draw.ts';
import { edgeKeys } from '../../shared/keys.ts';
import type { SaleStatus } from '../../shared/sale-status.ts';
import { type ActivityRegistry, currentBySku } from '../activities/registry.ts';
import type { Lead } from '../leadership/leadership.ts';
import type { Nudge } from '../nudge.ts';
import type { Redis } from '../redis/client.ts';
import type { InventoryLink } from '../redis/inventory-link.ts';
import { tripsOf } from '../redis/nodes.ts';
import type { Script } from '../redis/script.ts';
import type { ActivityRow, Store } from '../store/store.ts';
import type { Score } from './forecast-record.ts';
import { saveFrontiers } from './frontiers.ts';
import type { LineSpeed, Speeds } from './health/speeds.ts';
import { type LineMemory, newLineMemory } from './line-memory.ts';
import { tendLines } from './tend.ts';

export interface LineOptions {
  readonly store: Pick<Store, 'saveFrontiers'>;
  readonly registry: Pick<ActivityRegistry, 'all'>;
  readonly edgeRedis: Redis;
  readonly inventory: Pick<InventoryLink, 'redis' | 'runId'>;
  readonly scripts: { readonly setClock: Script; readonly setStatus: Script };
  readonly nudge: Nudge;
  readonly speeds: Speeds;
  /** What is public of an activity's draw; null without one. */
  readonly drawStatusOf: (row: ActivityRow) => DrawStatus | null;
  readonly watch: LineWatch;
  /** A part of a round that failed; the next round tries again. */
  readonly onError: (error: unknown) => void;
}

/** Hears what becomes of the lines. */
export interface LineWatch {
  /** A document was written; with the units left. */
  readonly status: (status: SaleStatus, stock: number) => void;
  /** An activity is not live any more. */
  readonly gone: (skuId: string) => void;
  /** So many more places were called; each is told once. */
  readonly called: (places: number) => void;
  /** A wait that was told has come true, or has not. */
  readonly scored: (score: Score) => void;
  readonly speed: (skuId: string, speed: LineSpeed) => void;
}

const ROUND_MS = 250;
const QUIET_ROUND_MS = 1_000;
/** Of a busy round, per busy line: from 500 on each has its round once a second. */
const BUSY_SHARE_MS = 2;
/** Around its start and its end an activity's state must change on time. */
const CLOSE_MS = 2_000;
const MAX_LINES_PER_TRIP = 200;

/** Tends all lines, round after round, until the lead ends. */
export async function runLine(lead: Lead, options: LineOptions): Promise<void> {
  const memories = new Map<string, LineMemory>();
  let savedAt = 0;
  while (!lead.signal.aborted) {
    const startedAt = Date.now();
    const rows = [...currentBySku(options.registry.all(), startedAt).values()];
    forget(memories, rows, options);
    await options.speeds.step(startedAt).catch(options.onError);
    const due = dueRows(rows, memories, startedAt);
    for (const trip of tripsOf(options.edgeRedis, due, { keyOf, most: MAX_LINES_PER_TRIP })) {
      if (lead.signal.aborted) break;
      const tended = trip.map((row) => ({ row, memory: recall(memories, row, startedAt) }));
      await tendLines(lead, options, tended).catch(options.onError);
    }
    if (startedAt - savedAt >= QUIET_ROUND_MS && !lead.signal.aborted) {
      savedAt = startedAt;
      await saveFrontiers(options.store, memories).catch(options.onError);
    }
    await options.nudge.pause(ROUND_MS, lead.signal);
  }
}

const keyOf = ({ skuId }: ActivityRow): string => edgeKeys.lineClock(skuId);

/** New ones at once; those that sell, or are close to it, more often than those that do not. */
function dueRows(
  rows: readonly ActivityRow[],
  memories: ReadonlyMap<string, LineMemory>,
  nowMs: number,
): ActivityRow[] {
  const busy = new Set(rows.filter((row) => isBusy(row, nowMs)));
  const wantedMs = busy.size * BUSY_SHARE_MS;
  const busyRoundMs = Math.min(QUIET_ROUND_MS, Math.max(ROUND_MS, wantedMs));
  return rows.filter((row) => {
    const memory = memories.get(row.activityId);
    if (memory !== undefined && memory.rowVersion !== row.version) return true;
    const roundMs = busy.has(row) ? busyRoundMs : QUIET_ROUND_MS;
    // Timers are late, never early: half a round of tolerance keeps the pace.
    return memory === undefined || nowMs - memory.tendedAt >= roundMs - ROUND_MS / 2;
  });
}

function isBusy(row: ActivityRow, nowMs: number): boolean {
  const isSelling = row.state === 'LOADED' && nowMs >= row.startAt && nowMs < row.endAt;
  return isSelling || [row.startAt, row.endAt].some((at) => Math.abs(at - nowMs) < CLOSE_MS);
}

function recall(memories: Map<string, LineMemory>, row: ActivityRow, nowMs: number): LineMemory {
  const known = memories.get(row.activityId);
  if (known !== undefined && known.skuId === row.skuId) {
    known.tendedAt = nowMs;
    known.rowVersion = row.version;
    return known;
  }
  const memory = newLineMemory(row, nowMs);
  memories.set(row.activityId, memory);
  return memory;
}

function forget(
  memories: Map<string, LineMemory>,
  rows: readonly ActivityRow[],
  { watch }: LineOptions,
): void {
  const live = new Set(rows.map((row) => row.activityId));
  const skus = new Set(rows.map((row) => row.skuId));
  for (const [activityId, { skuId }] of memories) {
    if (live.has(activityId)) continue;
    memories.delete(activityId);
    if (!skus.has(skuId)) watch.gone(skuId);
  }
}
