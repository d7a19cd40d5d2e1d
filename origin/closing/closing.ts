// The job `close`: an activity that has ended, of which nothing is pending and every event is in the
// database, gives up its keys, so that the next activity of its SKU may load. In this order: a mark in Redis
// under which nothing happens to its units, the state CLOSING in the database, the sweep, CLOSED.
// What happens to its orders from CLOSING on touches the database only.
import type { ActivityRegistry } from '../activities/registry.ts';
import { stockKeys } from '../inventory/stock-keys.ts';
import type { Lead } from '../leadership/leadership.ts';
import type { Nudge } from '../nudge.ts';
import type { Redis } from '../redis/client.ts';
import type { InventoryLink } from '../redis/inventory-link.ts';
import type { Script } from '../redis/script.ts';
import type { ActivityRow, Store } from '../store/store.ts';
import { sweepClock, sweepKeys } from './sweep.ts';
import { tellClosed } from './tell-closed.ts';

export interface ClosingOptions {
  readonly store: Pick<Store, 'beginClosing' | 'markClosed' | 'userCountsPage'>;
  readonly registry: Pick<ActivityRegistry, 'all' | 'refresh'>;
  readonly inventory: Pick<InventoryLink, 'redis' | 'runId'>;
  readonly edgeRedis: Redis;
  readonly scripts: ClosingScripts;
  readonly userKey: (userId: string) => string;
  readonly nudge: Nudge;
  readonly onClosed: (activity: ActivityRow) => void;
  /** What an ended activity waits for; told again when it changes. */
  readonly onWaiting: (activity: ActivityRow, why: string) => void;
  readonly onError: (error: unknown) => void;
  readonly now?: () => number;
}

export interface ClosingScripts {
  readonly beginClosing: Script;
  readonly reopen: Script;
  readonly sweep: Script;
  readonly setStatus: Script;
}

const ROUND_MS = 500;
/** After a refusal of the database: each try stops late payments for a moment. */
const REFUSED_PAUSE_MS = 5_000;
/** A thousand ended activities whose orders may still be paid cost as many calls a second. */
const BUSY_PAUSE_MS = 900;
/**
 * The line's leader may believe for a moment that the activity lives, and write its document over
 * the last word and a clock behind the sweep: that is said again, and the clock removed.
 */
const SAID_AGAIN_MS = [800, 2_000];
/** begin-closing takes the first six: activity, stock, sold, seq, outbox, pending. */
const CLOSING_KEYS = 6;

interface Postponed {
  readonly untilMs: number;
  readonly why: string;
}

export async function runClosing(lead: Lead, options: ClosingOptions): Promise<void> {
  const { registry, onError, now = Date.now } = options;
  const waiting = new Map<string, Postponed>();
  let untold: { readonly row: ActivityRow; readonly atMs: number }[] = [];
  while (!lead.signal.aborted) {
    const nowMs = now();
    const due = registry.all().filter((row) => row.state === 'CLOSING' || row.endAt <= nowMs);
    const closed: ActivityRow[] = [];
    for (const row of due) {
      if (lead.signal.aborted) break;
      if ((waiting.get(row.activityId)?.untilMs ?? 0) > nowMs) continue;
      const why = await closeOne(lead, options, row).catch((error: unknown) => {
        if (!lead.signal.aborted) onError(error);
        return 'failure';
      });
      if (why === undefined) closed.push(row);
      else note(options, waiting, { row, why, nowMs });
    }
    forget(waiting, due);
    if (closed.length > 0) await registry.refresh().catch(onError);
    untold.push(...closed.flatMap((row) => SAID_AGAIN_MS.map((ms) => ({ row, atMs: nowMs + ms }))));
    for (const { row } of untold.filter(({ atMs }) => atMs <= nowMs)) {
      await sayAgain(options, row).catch(onError);
    }
    untold = untold.filter(({ atMs }) => atMs > nowMs);
    await options.nudge.pause(ROUND_MS, lead.signal);
  }
}

/** Closes the activity, or says what it waits for. */
async function closeOne(
  { signal }: Lead,
  options: ClosingOptions,
  row: ActivityRow,
): Promise<string | undefined> {
  const { store, inventory, edgeRedis, scripts, userKey, now = Date.now } = options;
  if (row.state === 'LOADED') {
    const why = await begin(options, row);
    if (why !== undefined) return why;
    await options.registry.refresh();
  }
  if (row.state !== 'SCHEDULED') {
    const sweep = { inventory: inventory.redis, edgeRedis, store, userKey, signal };
    const isSwept = await sweepKeys({ ...sweep, script: scripts.sweep }, row);
    if (!isSwept) return 'keys of another activity';
  }
  signal.throwIfAborted();
  await store.markClosed({ activityId: row.activityId, now: now() });
  await tell(options, row);
  options.onClosed(row);
  return undefined;
}

const tell = ({ edgeRedis, scripts }: ClosingOptions, row: ActivityRow): Promise<void> =>
  tellClosed({ redis: edgeRedis, script: scripts.setStatus }, row);

async function sayAgain(options: ClosingOptions, row: ActivityRow): Promise<void> {
  const { edgeRedis, scripts } = options;
  await sweepClock({ edgeRedis, script: scripts.sweep }, row);
  await tell(options, row);
}

/** LOADED → CLOSING, or why not. */
async function begin(
  { store, inventory, scripts, now = Date.now }: ClosingOptions,
  row: ActivityRow,
): Promise<string | undefined> {
  const runId = inventory.runId(row.skuId);
  if (runId === undefined || runId !== row.runId) return 'redis';
  const { redis } = inventory;
  const { activityId, epoch, applied } = row;
  if (applied.epoch !== epoch) return 'busy lag';
  const keys = stockKeys(row.skuId).slice(0, CLOSING_KEYS);
  const answer = await scripts.beginClosing.run(redis, keys, [activityId, epoch, applied.seq]);
  if (answer !== 'closing') return String(answer);
  const begun = await store.beginClosing({ activityId, epoch, seq: applied.seq, now: now() });
  if (begun.kind === 'closing') return undefined;
  await scripts.reopen.run(redis, keys.slice(0, 1), [activityId]);
  return `database: ${begun.why}`;
}

function note(
  { onWaiting }: ClosingOptions,
  waiting: Map<string, Postponed>,
  { row, why, nowMs }: { row: ActivityRow; why: string; nowMs: number },
): void {
  const pauseMs = why.startsWith('database') ? REFUSED_PAUSE_MS : BUSY_PAUSE_MS;
  if (waiting.get(row.activityId)?.why !== why) onWaiting(row, why);
  waiting.set(row.activityId, { untilMs: nowMs + pauseMs, why });
}

function forget(waiting: Map<string, Postponed>, due: readonly ActivityRow[]): void {
  const ids = new Set(due.map(({ activityId }) => activityId));
  for (const activityId of waiting.keys()) if (!ids.has(activityId)) waiting.delete(activityId);
}
