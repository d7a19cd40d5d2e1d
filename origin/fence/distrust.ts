// What this instance does when it meets data that cannot be trusted: it asks, through the database,
// for the fence to be closed and the activity to be rebuilt, again until that is written down.
import type { ActivityRegistry } from '../activities/registry.ts';
import type { ActivityRow, Store } from '../store/store.ts';

/**
 * A stale epoch heals by reading, and keys are missing rightly until a load that has begun is through:
 * nothing can be sold before. Where either lasts, the rebuild's leader sees it by itself.
 */
const HEAL: ReadonlySet<string> = new Set(['epoch-stale', 'keys-missing']);

export interface Distrust {
  report(activity: ActivityRow, reason: string): void;
}

export function createDistrust({
  store,
  registry,
  onError,
}: {
  readonly store: Pick<Store, 'requestFence'>;
  readonly registry: ActivityRegistry;
  readonly onError: (error: unknown) => void;
}): Distrust {
  const underWay = new Set<string>();

  async function settle(activity: ActivityRow, reason: string): Promise<void> {
    await registry.refresh();
    const now = registry.byId(activity.activityId);
    // Another epoch is open already: this instance was late, and the data is not at fault.
    if (now === undefined || now.epoch !== activity.epoch) return;
    if (HEAL.has(reason) || now.fenceEpoch >= now.epoch) return;
    const { activityId, epoch } = activity;
    await store.requestFence({ activityId, epoch, reason });
  }

  return {
    report(activity, reason) {
      const key = `${activity.activityId} ${activity.epoch}`;
      if (underWay.has(key)) return;
      underWay.add(key);
      void settle(activity, reason)
        .catch(onError)
        .finally(() => underWay.delete(key));
    },
  };
}
