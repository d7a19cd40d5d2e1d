// The job `load`: puts an activity's stock into the inventory Redis ahead of its start. First the
// database says LOADED, then the script sets the stock where no key stands; a crash in between
// is a missing key of a loaded activity, which the fence finds.
import { inventoryKeys } from '../../shared/keys.ts';
import { loadFacts } from '../fence/load-facts.ts';
import { stockKeys } from '../inventory/stock-keys.ts';
import type { Lead } from '../leadership/leadership.ts';
import type { Nudge } from '../nudge.ts';
import type { InventoryLink } from '../redis/inventory-link.ts';
import type { Script } from '../redis/script.ts';
import type { ActivityRow, Store } from '../store/store.ts';
import { reviseTerms } from './keep-terms.ts';
import type { ActivityRegistry } from './registry.ts';

export interface LoadOptions {
  readonly store: Pick<Store, 'markLoaded' | 'requestFence'>;
  readonly registry: Pick<ActivityRegistry, 'all' | 'refresh'>;
  readonly inventory: Pick<InventoryLink, 'redis' | 'runId'>;
  /** `lua/load.lua`. */
  readonly script: Script;
  /** `lua/revise.lua`: an activity may have been paused before it is loaded. */
  readonly reviseScript: Script;
  /** Removes keys in the way whose activity is not there any more; tells whether the way is free. */
  readonly sweepAbandoned: (skuId: string) => Promise<boolean>;
  readonly loadAheadSeconds: number;
  readonly nudge: Nudge;
  /** Hears it when the registry knows it too. */
  readonly onOutcome: (activity: ActivityRow, outcome: LoadOutcome) => void;
  /** A load that failed for its database or Redis; it is tried again in the next round. */
  readonly onError: (error: unknown) => void;
  readonly now?: () => number;
}

export type LoadOutcome =
  | { readonly kind: 'loaded' }
  /** Keys of a former activity of this SKU stand; told once, tried until they are gone. */
  | { readonly kind: 'occupied' }
  /** What was read back is not what was written: the fence is asked to close. */
  | { readonly kind: 'unverified' };

interface Postponed {
  readonly untilMs: number;
  readonly why: 'occupied' | 'failed';
}

const ROUND_MS = 300;
const MAX_LOADS_PER_ROUND = 50;
const OCCUPIED_PAUSE_MS = 1_000;
const FAILURE_PAUSE_MS = 1_000;

/** Loads what is due, round after round, until the lead ends. */
export async function runLoad(lead: Lead, options: LoadOptions): Promise<void> {
  const postponed = new Map<string, Postponed>();
  while (!lead.signal.aborted) {
    const outcomes = await loadDue(lead, options, postponed);
    if (outcomes.length > 0) await options.registry.refresh().catch(options.onError);
    for (const { row, outcome } of outcomes) options.onOutcome(row, outcome);
    await options.nudge.pause(ROUND_MS, lead.signal);
  }
}

/** When an activity's stock goes into Redis, epoch ms. */
export function loadAtMs(
  row: Pick<ActivityRow, 'startAt' | 'entryOpensAt'>,
  loadAheadSeconds: number,
): number {
  return Math.min(row.startAt - loadAheadSeconds * 1000, row.entryOpensAt);
}

/** One round; tells what is new. One activity that cannot be loaded holds up no other. */
async function loadDue(
  lead: Lead,
  options: LoadOptions,
  postponed: Map<string, Postponed>,
): Promise<readonly { readonly row: ActivityRow; readonly outcome: LoadOutcome }[]> {
  const { now = Date.now, onError } = options;
  const nowMs = now();
  const outcomes: { row: ActivityRow; outcome: LoadOutcome }[] = [];
  for (const row of dueRows(options, postponed, nowMs)) {
    if (lead.signal.aborted) break;
    try {
      const outcome = await load(row, options);
      if (outcome?.kind === 'occupied') {
        if (postponed.get(row.activityId)?.why !== 'occupied') outcomes.push({ row, outcome });
        postponed.set(row.activityId, { untilMs: nowMs + OCCUPIED_PAUSE_MS, why: 'occupied' });
      } else if (outcome !== undefined) {
        outcomes.push({ row, outcome });
        postponed.delete(row.activityId);
      }
    } catch (error) {
      onError(error);
      postponed.set(row.activityId, { untilMs: nowMs + FAILURE_PAUSE_MS, why: 'failed' });
    }
  }
  return outcomes;
}

function dueRows(
  { registry, loadAheadSeconds }: LoadOptions,
  postponed: ReadonlyMap<string, Postponed>,
  nowMs: number,
): readonly ActivityRow[] {
  return registry
    .all()
    .filter((row) => row.state === 'SCHEDULED' && row.endAt > nowMs)
    .filter((row) => loadAtMs(row, loadAheadSeconds) <= nowMs)
    .filter((row) => (postponed.get(row.activityId)?.untilMs ?? 0) <= nowMs)
    .slice(0, MAX_LOADS_PER_ROUND);
}

/** Undefined where nothing could be done or another instance has done it. */
async function load(row: ActivityRow, options: LoadOptions): Promise<LoadOutcome | undefined> {
  const { store, inventory, script } = options;
  const runId = inventory.runId(row.skuId);
  if (runId === undefined) return undefined;
  const keys = stockKeys(row.skuId);
  const isFree = (await inventory.redis.exists(...keys)) === 0;
  if (!isFree && !(await options.sweepAbandoned(row.skuId))) return { kind: 'occupied' };

  const marked = await store.markLoaded({ activityId: row.activityId, runId });
  if (marked.kind === 'refused' || inventory.runId(row.skuId) !== runId) return undefined;
  const answer = await script.run(
    inventory.redis,
    keys,
    loadFacts(marked.activity, marked.activity.epoch),
  );
  await reviseTerms({ link: inventory, script: options.reviseScript }, marked.activity);
  if (answer === 'loaded' && (await isWhole(marked.activity, inventory))) return { kind: 'loaded' };
  await store.requestFence({
    activityId: row.activityId,
    epoch: marked.activity.epoch,
    reason: 'load-unverified',
  });
  return { kind: 'unverified' };
}

/** Reads back what was written. Selling may have begun already, so only the sum is known. */
async function isWhole(
  activity: ActivityRow,
  { redis }: Pick<InventoryLink, 'redis'>,
): Promise<boolean> {
  const { skuId } = activity;
  const [facts, counters] = await Promise.all([
    redis.hmget(inventoryKeys.activity(skuId), 'id', 'epoch', 'total'),
    redis.mget(
      inventoryKeys.stock(skuId),
      inventoryKeys.sold(skuId),
      inventoryKeys.sequence(skuId),
    ),
  ]);
  const [stock, sold, sequence] = counters.map((text) =>
    text === null ? Number.NaN : Number(text),
  );
  return (
    facts[0] === activity.activityId &&
    Number(facts[1]) === activity.epoch &&
    Number(facts[2]) === activity.stock &&
    Number(stock) + Number(sold) === activity.stock &&
    Number(sequence) >= 0
  );
}
