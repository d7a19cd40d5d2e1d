import { ActivityEntity } from '../entities/activity.ts';
import type { Em } from '../orm.ts';
import type { Store } from '../store.ts';
import { findActivity } from './activities.ts';
import { lockSku } from './lock-sku.ts';

type Insert = Store['insertActivity'];

/** In a transaction. One activity per SKU and time: two that touch only at a moment do not overlap. */
export async function insertActivity(
  em: Em,
  { activityId, terms, now }: Parameters<Insert>[0],
): ReturnType<Insert> {
  const { skuId, startAt, endAt } = terms;
  await lockSku(em, skuId);
  const other = await em.findOne(
    ActivityEntity,
    { skuId, state: { $ne: 'CLOSED' }, startAt: { $lt: endAt }, endAt: { $gt: startAt } },
    { fields: ['activityId'], orderBy: { startAt: 'asc' } },
  );
  if (other !== null) return { kind: 'overlap', activityId: other.activityId };
  await em.insert(ActivityEntity, {
    ...terms,
    ...{ activityId, state: 'SCHEDULED', paused: false, version: 1 },
    ...{ createdAt: now, updatedAt: now, epoch: 0, runId: '', epochTaken: 0, epochAnnounced: 0 },
    ...{ rebuildTerm: 0, fenceEpoch: 0, fenceReason: null, virtualAt: 0, frontier: 0 },
  });
  const activity = await findActivity(em, activityId);
  if (activity === undefined) throw new Error(`activity ${activityId} is gone`);
  return { kind: 'inserted', activity };
}
