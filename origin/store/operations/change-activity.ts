// A change of an activity that was decided on one of its versions; see the port.
import type { ActivityDiff, ChangeActivity, ChangeAnswer } from '../activities-port.ts';
import { ActivityEntity, type ActivityRecord } from '../entities/activity.ts';
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
  const after = { ...change.members, ...removal(record, change) };
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
  await em.nativeUpdate(ActivityEntity, { activityId }, { ...after, version, updatedAt: now });
  if (after.draw === true) await ensureDraw(em, activityId);
  em.clear();
  const activity = await findActivity(em, activityId);
  if (activity === undefined) throw new Error(`activity ${activityId} is gone`);
  return { kind: 'changed', activity };
}

/** What was never loaded has no keys to remove. */
function removal(record: ActivityRecord, { isDeleted, now }: ChangeActivity) {
  if (isDeleted !== true) return {};
  return {
    deletedAt: now,
    ...(record.endAt > now ? { endAt: now } : {}),
    ...(record.state === 'SCHEDULED' ? { state: 'CLOSED' as const } : {}),
  };
}

function diffOf(record: ActivityRecord, after: Readonly<Record<string, unknown>>): ActivityDiff {
  const before: Readonly<Record<string, unknown>> = { ...record };
  return Object.fromEntries(
    Object.entries(after)
      .filter(([member, value]) => before[member] !== value)
      .map(([member, value]) => [member, [before[member] ?? null, value]]),
  );
}
