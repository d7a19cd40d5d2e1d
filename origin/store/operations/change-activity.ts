// A change of an activity that was decided on one of its versions; see the port.
import type { ActivityDiff, ChangeActivity, ChangeAnswer } from '../activities-port.ts';
import { ActivityEntity, type ActivityRecord } from '../entities/activity.ts';
import { AppliedEntity } from '../entities/applied.ts';
import type { Em } from '../orm.ts';
import { findActivity, lockActivity } from './activities.ts';
import { writeChange } from './audit.ts';
import { ensureDraw } from './draws.ts';
import { lockSku } from './lock-sku.ts';
import { findConflict } from './sku-conflict.ts';

/** In a transaction. */
export async function changeActivity(em: Em, change: ChangeActivity): Promise<ChangeAnswer> {
  const { activityId, now } = change;
  const record = await lockActivity(em, activityId);
  if (record === null || record.version !== change.version || record.deletedAt !== null) {
    return { kind: 'conflict' };
  }
  const after = { ...change.members, ...removal(record, change), ...unload(record, change) };
  const { skuId, startAt, endAt } = { ...record, ...after };
  if (['skuId', 'startAt', 'endAt'].some((member) => Object.hasOwn(change.members, member))) {
    await lockSku(em, skuId);
    const conflict = await findConflict(em, { activityId, skuId, startAt, endAt, now });
    if (conflict !== undefined) return conflict;
  }
  const version = record.version + 1;
  await writeChange(em, activityId, {
    ...{ action: change.action, actor: change.actor, at: now, version },
    diff: diffOf(record, after),
  });
  if ('state' in after) await em.nativeDelete(AppliedEntity, { activityId });
  await em.nativeUpdate(ActivityEntity, { activityId }, { ...after, version, updatedAt: now });
  if (after.draw === true) await ensureDraw(em, activityId);
  em.clear();
  const activity = await findActivity(em, activityId);
  if (activity === undefined) throw new Error(`activity ${activityId} is gone`);
  return { kind: 'changed', activity };
}

function removal(record: ActivityRecord, { isDeleted, now }: ChangeActivity) {
  if (isDeleted !== true) return {};
  return {
    deletedAt: now,
    ...(record.endAt > now ? { endAt: now } : {}),
  };
}

/** Keys are a SKU's: under another one the activity is loaded anew, in an epoch of its own. */
function unload(record: ActivityRecord, { members }: ChangeActivity) {
  const isMoved = members.skuId !== undefined && members.skuId !== record.skuId;
  if (!isMoved || record.state !== 'LOADED') return {};
  return { state: 'SCHEDULED' as const, epoch: 0, runId: '' };
}

function diffOf(record: ActivityRecord, after: Readonly<Record<string, unknown>>): ActivityDiff {
  const before: Readonly<Record<string, unknown>> = { ...record };
  return Object.fromEntries(
    Object.entries(after)
      .filter(([member, value]) => before[member] !== value)
      .map(([member, value]) => [member, [before[member] ?? null, value]]),
  );
}
