// Rebuilds one activity in Redis from the database. Every step demands the mark of the step before
// it, the same term and the same server; when one is missing, the rebuild starts over with a new
// epoch. The order of steps is the safety argument: do not reorder.
import { setTimeout as pause } from 'node:timers/promises';
import { inventoryKeys } from '../../shared/keys.ts';
import type { InventoryLink } from '../redis/inventory-link.ts';
import type { Script } from '../redis/script.ts';
import type { ActivityRow, Store } from '../store/store.ts';
import { loadFacts } from './load-facts.ts';
import { restoreAll } from './restore.ts';
import { stepsOn } from './step.ts';

export interface RebuildScripts {
  readonly closeFence: Script;
  readonly appendEpoch: Script;
  readonly restoreStock: Script;
  readonly restoreOrders: Script;
  readonly forgetOrders: Script;
  readonly restoreUsers: Script;
  readonly restoreLapses: Script;
  readonly openFence: Script;
}

export interface RebuildOptions {
  readonly activity: ActivityRow;
  readonly term: number;
  readonly signal: AbortSignal;
  readonly link: InventoryLink;
  readonly store: Store;
  readonly scripts: RebuildScripts;
  readonly userKey: (userId: string) => string;
}

export type RebuildResult =
  | { readonly kind: 'opened'; readonly epoch: number; readonly orders: number }
  /** Somebody else's rebuild, or another server in the middle of it: look again. */
  | { readonly kind: 'superseded'; readonly step: string };

const APPLIED_POLL_MS = 50;

export async function rebuild(options: RebuildOptions): Promise<RebuildResult> {
  const { activity, term, link, store, scripts } = options;
  const { activityId, skuId } = activity;
  const keys = {
    activity: inventoryKeys.activity(skuId),
    outbox: inventoryKeys.outbox(skuId),
  };
  const taken = await store.takeEpoch({ activityId, term });
  if (taken.kind === 'superseded') return { kind: 'superseded', step: 'take-epoch' };
  const { epoch } = taken;
  const runId = link.runId(skuId);
  if (runId === undefined) return { kind: 'superseded', step: 'connect' };
  const mark = `${term} ${epoch} ${runId}`;
  const step = stepsOn(link, { skuId, runId });

  const closed = await step(scripts.closeFence, [keys.activity], [activityId, term, epoch, runId]);
  if (closed !== 'closed') return { kind: 'superseded', step: 'close-fence' };
  const appended = await whileBlocked(options.signal, () =>
    step(scripts.appendEpoch, [keys.activity, keys.outbox], [mark, epoch]),
  );
  if (appended !== 'appended') return { kind: 'superseded', step: 'append-epoch' };
  await store.announceEpoch({ activityId, epoch });
  const applied = await untilApplied(options, { epoch, mark });
  if (applied === undefined) return { kind: 'superseded', step: 'apply-epoch' };

  const sold = applied.applied.sold + (await store.unitsInDeadLetters(activityId));
  const restoring = await step(
    scripts.restoreStock,
    [
      keys.activity,
      inventoryKeys.stock(skuId),
      inventoryKeys.sold(skuId),
      inventoryKeys.sequence(skuId),
      inventoryKeys.pending(skuId),
      inventoryKeys.lapsed(skuId),
    ],
    [
      ...loadFacts({ ...applied, stock: applied.applied.stock }, epoch),
      sold,
      mark,
      applied.paused ? 1 : 0,
    ],
  );
  if (restoring !== 'restoring') return { kind: 'superseded', step: 'restore-stock' };
  const restored = await restoreAll({ ...options, epoch, mark, step });
  if (restored.kind === 'superseded') return { kind: 'superseded', step: 'restore' };
  const { orders, pending, dueBatches } = restored;

  const open = await store.openEpoch({ activityId, epoch, term, runId });
  if (open.kind === 'superseded') return { kind: 'superseded', step: 'open-epoch' };
  const opened = await step(scripts.openFence, [keys.activity], [mark, pending, dueBatches]);
  if (opened !== 'opened') return { kind: 'superseded', step: 'open-fence' };
  return { kind: 'opened', epoch, orders };
}

/** Until the relay has buried an entry of a strange id; a later rebuild's mark ends it too. */
async function whileBlocked(signal: AbortSignal, append: () => Promise<unknown>): Promise<unknown> {
  for (;;) {
    const answer = await append();
    if (answer !== 'blocked') return answer;
    await pause(APPLIED_POLL_MS, undefined, { signal });
  }
}

/**
 * Waits until the writer has applied the epoch event; undefined when it never will: a higher one
 * was applied, or the Redis that the event stood in has been emptied or replaced.
 */
async function untilApplied(
  { activity, link, store, signal }: RebuildOptions,
  { epoch, mark }: { readonly epoch: number; readonly mark: string },
): Promise<ActivityRow | undefined> {
  const key = inventoryKeys.activity(activity.skuId);
  for (;;) {
    signal.throwIfAborted();
    const row = await store.findActivity(activity.activityId);
    if (row === undefined || row.applied.epoch > epoch || row.epochTaken > epoch) return undefined;
    if (row.applied.epoch === epoch) return row;
    if ((await link.redis.hget(key, 'fence')) !== `${mark} announced`) return undefined;
    await pause(APPLIED_POLL_MS, undefined, { signal });
  }
}
