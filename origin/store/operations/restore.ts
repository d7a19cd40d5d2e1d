// A database that was put back from a backup learns what it must not forget.
import { openingLine } from '../../ledger/ledger.ts';
import type { ActivityDiff } from '../activities-port.ts';
import { ActivityEntity, type ActivityRecord } from '../entities/activity.ts';
import { AppliedEntity } from '../entities/applied.ts';
import { LeaderTermEntity } from '../entities/leader-term.ts';
import type { Em } from '../orm.ts';
import type { ReadmitActivity, RestoreStore } from '../restore-port.ts';
import { lockActivity } from './activities.ts';
import { writeChange } from './audit.ts';
import { addLedgerPage } from './ledger.ts';

const REASON = 'restored from a backup';

export async function readmitActivity(em: Em, readmit: ReadmitActivity): Promise<boolean> {
  const { activityId, now } = readmit;
  const record = await lockActivity(em, activityId);
  if (record === null) return false;
  const before = membersOf(record);
  const after = readmitted(record, readmit);
  const load = record.state === 'SCHEDULED' ? readmit.load : undefined;
  if (load !== undefined) await insertApplied(em, activityId, load);
  const diff: ActivityDiff = Object.fromEntries(
    Object.entries(after).flatMap(([name, value]) => {
      const old = Reflect.get(before, name);
      return old === value ? [] : [[name, [old, value]]];
    }),
  );
  if (Object.keys(diff).length === 0) return true;
  await em.nativeUpdate(ActivityEntity, { activityId }, after);
  await writeChange(em, activityId, {
    ...{ action: 'restore', actor: 'system', at: now, version: after.version, diff },
  });
  return true;
}

type Members = Pick<
  ActivityRecord,
  | 'state'
  | 'version'
  | 'stock'
  | 'endAt'
  | 'paused'
  | 'epoch'
  | 'epochTaken'
  | 'epochAnnounced'
  | 'fenceEpoch'
  | 'fenceReason'
>;

const membersOf = (record: ActivityRecord): Members => ({
  ...{ state: record.state, stock: record.stock, epoch: record.epoch },
  ...{ endAt: record.endAt, paused: record.paused, version: record.version },
  ...{ epochTaken: record.epochTaken, epochAnnounced: record.epochAnnounced },
  ...{ fenceEpoch: record.fenceEpoch, fenceReason: record.fenceReason ?? null },
});

function readmitted(record: ActivityRecord, readmit: ReadmitActivity): Members {
  const { knownEpoch, knownVersion, load, stock = record.stock, live = record } = readmit;
  const isNew = record.state === 'SCHEDULED' && load !== undefined;
  const epoch = isNew ? load.epoch : record.epoch;
  const raised = {
    ...{ stock, endAt: live.endAt, paused: live.paused },
    // Whoever read a version that is lost must not change this one by it.
    version: knownVersion > record.version ? knownVersion + 1 : record.version,
    ...{ epoch, epochTaken: Math.max(record.epochTaken, knownEpoch, epoch) },
    // What the log holds was announced: at a gap in it the writer goes on, as it did before.
    epochAnnounced: Math.max(record.epochAnnounced, knownEpoch, epoch),
  };
  const fence = { fenceEpoch: record.fenceEpoch, fenceReason: record.fenceReason ?? null };
  if (readmit.to === 'CLOSED') return { ...raised, ...fence, state: 'CLOSED' };
  if (record.fenceEpoch >= epoch) return { ...raised, ...fence, state: 'LOADED' };
  return { ...raised, state: 'LOADED', fenceEpoch: epoch, fenceReason: REASON };
}

/** As the load did it, and the ledger begins anew with it. */
async function insertApplied(
  em: Em,
  activityId: string,
  { epoch, stock }: { readonly epoch: number; readonly stock: number },
): Promise<void> {
  const counters = { seq: 0, sold: 0, alarmEpoch: 0, alarm: null };
  await em.insert(AppliedEntity, { activityId, epoch, stock, ...counters });
  await addLedgerPage(em, activityId, [openingLine(epoch, stock)]);
}

export async function lastTerm(em: Em, job: string): Promise<number> {
  return (await em.findOne(LeaderTermEntity, { job }))?.term ?? 0;
}

export async function raiseTerms(
  em: Em,
  { jobs, least }: Parameters<RestoreStore['raiseTerms']>[0],
): Promise<void> {
  for (const job of jobs) {
    const row = await em.findOne(LeaderTermEntity, { job });
    if (row === null) await em.insert(LeaderTermEntity, { job, term: least });
    else if (row.term < least) await em.nativeUpdate(LeaderTermEntity, { job }, { term: least });
  }
}
