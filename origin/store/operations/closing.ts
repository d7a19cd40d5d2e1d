// Closing as the database sees it. In transactions that lock the activity.
import { ActivityEntity } from '../entities/activity.ts';
import { AppliedEntity } from '../entities/applied.ts';
import { DeadLetterEntity } from '../entities/dead-letter.ts';
import { OrderEntity } from '../entities/order.ts';
import type { Em } from '../orm.ts';
import type { Store } from '../store.ts';
import { findActivity, lockActivity } from './activities.ts';
import { writeChange } from './audit.ts';

type Argument<Name extends keyof Store> = Parameters<Store[Name]>[0];

export async function beginClosing(
  em: Em,
  { activityId, epoch, seq, now }: Argument<'beginClosing'>,
): ReturnType<Store['beginClosing']> {
  const record = await lockActivity(em, activityId);
  if (record?.state !== 'LOADED') return { kind: 'open', why: 'not-loaded' };
  if (record.endAt > now) return { kind: 'open', why: 'not-ended' };
  if (record.epoch !== epoch || record.epochTaken !== epoch)
    return { kind: 'open', why: 'rebuild' };
  const applied = await em.findOne(AppliedEntity, { activityId });
  if (applied?.epoch !== epoch || applied.seq !== seq) return { kind: 'open', why: 'lag' };
  const pending = await em.findOne(
    OrderEntity,
    { activityId, status: 'PENDING' },
    { fields: ['orderId'] },
  );
  if (pending !== null) return { kind: 'open', why: 'pending' };
  const undecided = await em.findOne(
    DeadLetterEntity,
    { activityId, decision: null },
    { fields: ['id'] },
  );
  if (undecided !== null) return { kind: 'open', why: 'dead-letters' };
  await em.nativeUpdate(ActivityEntity, { activityId }, { state: 'CLOSING' });
  em.clear();
  const activity = await findActivity(em, activityId);
  if (activity === undefined) throw new Error(`activity ${activityId} is gone`);
  return { kind: 'closing', activity };
}

export async function markClosed(
  em: Em,
  { activityId, now }: Argument<'markClosed'>,
): ReturnType<Store['markClosed']> {
  const record = await lockActivity(em, activityId);
  if (record === null || record.state === 'CLOSED') return;
  const isDue = record.state === 'CLOSING' || record.state === 'SCHEDULED';
  if (!isDue || record.endAt > now) return;
  await em.nativeUpdate(ActivityEntity, { activityId }, { state: 'CLOSED' });
  await writeChange(em, activityId, {
    ...{ action: 'close', actor: 'system', at: now, version: record.version },
    diff: { state: [record.state, 'CLOSED'] },
  });
}
