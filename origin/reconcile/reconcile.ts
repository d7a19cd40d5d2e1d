// Compares until nothing in flight can explain a difference, and repairs by a rebuild: Redis then
// is once more an exact projection of the database.
import { setTimeout as pause } from 'node:timers/promises';
import type { ActivityRow, Store } from '../store/store.ts';
import { type Comparison, compare, type Difference, type ReconcileParts } from './compare.ts';

export interface ReconcileOptions extends ReconcileParts {
  readonly store: ReconcileParts['store'] & Pick<Store, 'requestFence'>;
}

export type Reconciliation =
  | { readonly kind: 'agree'; readonly comparison: Comparison }
  | { readonly kind: 'differ'; readonly comparison: Comparison }
  /** More differences than may be repaired unseen: nothing was done. */
  | { readonly kind: 'too-many'; readonly comparison: Comparison }
  /** A rebuild was asked for; what differed before it. */
  | { readonly kind: 'repaired'; readonly comparison: Comparison; readonly after: Comparison }
  /** The activity is not loaded, or its fence is closed: a rebuild is under way already. */
  | { readonly kind: 'not-open' };

const LOOKS = 4;
const LOOK_MS = 1_000;
const REBUILT_WITHIN_MS = 30_000;
const POLL_MS = 200;

/** `most`: with `repair`, how many differences may be mended. */
export async function reconcile(
  options: ReconcileOptions,
  activityId: string,
  { repair, most }: { readonly repair: 'no' | 'yes'; readonly most: number },
): Promise<Reconciliation> {
  const activity = await openActivity(options, activityId);
  if (activity === undefined) return { kind: 'not-open' };
  const comparison = await lookUntilSure(options, activityId, most);
  if (comparison === undefined) return { kind: 'not-open' };
  if (comparison.differences.length === 0) return { kind: 'agree', comparison };
  if (repair === 'no') return { kind: 'differ', comparison };
  if (comparison.isCut) return { kind: 'too-many', comparison };
  const { epoch } = activity;
  const reason = `reconcile: ${comparison.differences.length} differences`;
  await options.store.requestFence({ activityId, epoch, reason });
  await untilRebuilt(options, { activityId, epoch });
  const after = await lookUntilSure(options, activityId, most);
  return after === undefined ? { kind: 'not-open' } : { kind: 'repaired', comparison, after };
}

/** What every look has seen: an event under way explains what only some have. */
async function lookUntilSure(
  options: ReconcileOptions,
  activityId: string,
  most: number,
): Promise<Comparison | undefined> {
  let kept: Comparison | undefined;
  for (let look = 1; ; look += 1) {
    const activity = await openActivity(options, activityId);
    if (activity === undefined) return undefined;
    const seen = await compare(options, activity, most);
    kept = kept === undefined ? seen : { ...seen, differences: inBoth(kept, seen) };
    if (kept.differences.length === 0 || look === LOOKS) return kept;
    await pause(LOOK_MS);
  }
}

const inBoth = (one: Comparison, other: Comparison): Difference[] => {
  const names = new Set(other.differences.map(({ what }) => what));
  return one.differences.filter(({ what }) => names.has(what));
};

async function openActivity(
  { store, link }: ReconcileOptions,
  activityId: string,
): Promise<ActivityRow | undefined> {
  const activity = await store.findActivity(activityId);
  if (activity?.state !== 'LOADED') return undefined;
  if (activity.runId !== link.runId(activity.skuId)) return undefined;
  return activity.epochTaken === activity.epoch ? activity : undefined;
}

async function untilRebuilt(
  { store }: ReconcileOptions,
  { activityId, epoch }: { readonly activityId: string; readonly epoch: number },
): Promise<void> {
  const deadline = Date.now() + REBUILT_WITHIN_MS;
  while (((await store.findActivity(activityId))?.epoch ?? epoch) <= epoch) {
    if (Date.now() > deadline) throw new Error('the rebuild did not end in 30 s');
    await pause(POLL_MS);
  }
}
