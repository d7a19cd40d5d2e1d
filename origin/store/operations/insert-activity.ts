import type { ActivityDiff } from '../activities-port.ts';
import { ActivityEntity } from '../entities/activity.ts';
import type { Em } from '../orm.ts';
import type { Store } from '../store.ts';
import { findActivity } from './activities.ts';
import { writeChange } from './audit.ts';
import { ensureDraw } from './draws.ts';
import { lockSku } from './lock-sku.ts';
import { findConflict } from './sku-conflict.ts';

type Insert = Store['insertActivity'];

/** In a transaction. */
export async function insertActivity(
  em: Em,
  { activityId, terms, now, actor = 'system' }: Parameters<Insert>[0],
): ReturnType<Insert> {
  const { skuId, startAt, endAt } = terms;
  await lockSku(em, skuId);
  const conflict = await findConflict(em, { activityId, skuId, startAt, endAt, now });
  if (conflict !== undefined) return conflict;
  await em.insert(ActivityEntity, {
    ...terms,
    ...{ activityId, state: 'SCHEDULED', paused: false, version: 1, deletedAt: null },
    ...{ createdAt: now, updatedAt: now, epoch: 0, runId: '', epochTaken: 0, epochAnnounced: 0 },
    ...{ rebuildTerm: 0, fenceEpoch: 0, fenceReason: null, virtualAt: 0, frontier: 0 },
  });
  if (terms.draw) await ensureDraw(em, activityId);
  const diff: ActivityDiff = Object.fromEntries(
    Object.entries(terms).map(([name, value]) => [name, [null, value] as const]),
  );
  await writeChange(em, activityId, { action: 'create', actor, at: now, version: 1, diff });
  const activity = await findActivity(em, activityId);
  if (activity === undefined) throw new Error(`activity ${activityId} is gone`);
  return { kind: 'inserted', activity };
}
