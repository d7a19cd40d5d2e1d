// Loading, fence and rebuild as the database sees them: which epoch is open, and for which Redis.
// All in a transaction that locks the activity.
import { openingLine } from '../../ledger/ledger.ts';
import { ActivityEntity } from '../entities/activity.ts';
import { AppliedEntity } from '../entities/applied.ts';
import type { Em } from '../orm.ts';
import { FIRST_EPOCH, type Store } from '../store.ts';
import { findActivity, lockActivity } from './activities.ts';
import { addLedgerPage } from './ledger.ts';
import { lockSku } from './lock-sku.ts';

const MAX_REASON_LENGTH = 500;

type Argument<Name extends keyof Store> = Parameters<Store[Name]>[0];

export async function markLoaded(
  em: Em,
  { activityId, runId }: Argument<'markLoaded'>,
): ReturnType<Store['markLoaded']> {
  const record = await lockActivity(em, activityId);
  if (record?.state !== 'SCHEDULED') return { kind: 'refused' };
  await lockSku(em, record.skuId);
  // Numbers of a load that an edit took back are never given out again.
  const epoch = Math.max(FIRST_EPOCH, record.epochTaken + 1);
  const former = await em.count(ActivityEntity, {
    skuId: record.skuId,
    state: { $in: ['LOADED', 'CLOSING'] },
  });
  if (former > 0) return { kind: 'refused' };
  await em.nativeUpdate(
    ActivityEntity,
    { activityId },
    {
      ...{ state: 'LOADED', epoch, epochTaken: epoch, epochAnnounced: epoch, runId },
    },
  );
  const counters = { seq: 0, sold: 0, alarmEpoch: 0, alarm: null };
  await em.insert(AppliedEntity, {
    ...{ activityId, epoch, stock: record.stock },
    ...counters,
  });
  await addLedgerPage(em, activityId, [openingLine(epoch, record.stock)]);
  em.clear();
  const activity = await findActivity(em, activityId);
  return activity === undefined ? { kind: 'refused' } : { kind: 'loaded', activity };
}

export async function requestFence(
  em: Em,
  { activityId, epoch, reason }: Argument<'requestFence'>,
): Promise<void> {
  await em.nativeUpdate(
    ActivityEntity,
    { activityId, fenceEpoch: { $lt: epoch } },
    { fenceEpoch: epoch, fenceReason: reason.slice(0, MAX_REASON_LENGTH) },
  );
}

export async function takeEpoch(
  em: Em,
  { activityId, term }: Argument<'takeEpoch'>,
): ReturnType<Store['takeEpoch']> {
  const record = await lockActivity(em, activityId);
  if (record?.state !== 'LOADED' || term < record.rebuildTerm) return { kind: 'superseded' };
  const epoch = record.epochTaken + 1;
  await em.nativeUpdate(ActivityEntity, { activityId }, { epochTaken: epoch, rebuildTerm: term });
  return { kind: 'taken', epoch };
}

export async function announceEpoch(
  em: Em,
  { activityId, epoch }: Argument<'announceEpoch'>,
): Promise<void> {
  await em.nativeUpdate(
    ActivityEntity,
    { activityId, epochAnnounced: { $lt: epoch } },
    { epochAnnounced: epoch },
  );
}

export async function openEpoch(
  em: Em,
  { activityId, epoch, term, runId }: Argument<'openEpoch'>,
): ReturnType<Store['openEpoch']> {
  const record = await lockActivity(em, activityId);
  const isNewest = record?.epochTaken === epoch && record.rebuildTerm === term;
  if (!isNewest || record.state !== 'LOADED') return { kind: 'superseded' };
  await em.nativeUpdate(ActivityEntity, { activityId }, { epoch, runId });
  return { kind: 'opened' };
}
