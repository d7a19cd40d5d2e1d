import { LockMode } from '@mikro-orm/core';
import { ActivityEntity, type ActivityRecord } from '../entities/activity.ts';
import { AppliedEntity } from '../entities/applied.ts';
import type { Em } from '../orm.ts';
import type { ActivityRow, Applied } from '../store.ts';
import { findDraws } from './draws.ts';
import { ledgerHeads } from './ledger.ts';

const MAX_LIVE = 5000;

export async function findActivity(em: Em, activityId: string): Promise<ActivityRow | undefined> {
  const record = await em.findOne(ActivityEntity, { activityId });
  if (record === null) return undefined;
  const [row] = await withApplied(em, [record]);
  return row;
}

export async function liveActivities(em: Em): Promise<ActivityRow[]> {
  const records = await em.find(
    ActivityEntity,
    { state: { $ne: 'CLOSED' } },
    { orderBy: { startAt: 'asc', activityId: 'asc' }, limit: MAX_LIVE },
  );
  return withApplied(em, records);
}

/** The activity, locked until the transaction ends. */
export function lockActivity(em: Em, activityId: string): Promise<ActivityRecord | null> {
  return em.findOne(ActivityEntity, { activityId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
}

export async function withApplied(
  em: Em,
  records: readonly ActivityRecord[],
): Promise<ActivityRow[]> {
  const loaded = records.filter((record) => record.state !== 'SCHEDULED');
  const ids = loaded.map((record) => record.activityId);
  const rows = ids.length === 0 ? [] : await em.find(AppliedEntity, { activityId: { $in: ids } });
  const heads = await ledgerHeads(em, ids);
  const byId = new Map(
    rows.map(({ activityId, epoch, seq, sold, stock, alarmEpoch, alarm }) => {
      const ledgerHead = heads.get(activityId) ?? null;
      return [
        activityId,
        { epoch, seq, sold, stock, alarmEpoch, alarm: alarm ?? null, ledgerHead },
      ];
    }),
  );
  const drawn = records.filter((record) => record.draw).map((record) => record.activityId);
  const draws = await findDraws(em, drawn);
  return records.map((record) =>
    activityRow(record, {
      applied: byId.get(record.activityId) ?? nothingApplied(record.stock),
      drawFacts: draws.get(record.activityId) ?? null,
    }),
  );
}

const nothingApplied = (stock: number): Applied => ({
  ...{ epoch: 0, seq: 0, sold: 0, stock, alarmEpoch: 0, alarm: null, ledgerHead: null },
});

function activityRow(
  record: ActivityRecord,
  known: Pick<ActivityRow, 'applied' | 'drawFacts'>,
): ActivityRow {
  const { activityId, skuId, title, stock, price, currency, limitPerUser } = record;
  const { ratePerSecond, capacity, queueLimit, entryOpensAt, startAt, endAt } = record;
  const { ticketWindowSeconds, paymentWindowSeconds, challengeAt, denyAt, draw } = record;
  const { state, paused, version, createdAt, updatedAt, epoch, runId } = record;
  const { epochTaken, epochAnnounced, fenceEpoch, fenceReason, virtualAt, frontier } = record;
  return {
    ...{ activityId, skuId, title, stock, price, currency, limitPerUser },
    ...{ ratePerSecond, capacity, queueLimit, entryOpensAt, startAt, endAt },
    ...{ ticketWindowSeconds, paymentWindowSeconds, challengeAt, denyAt },
    ...{ draw, beacon: record.beacon ?? null, deletedAt: record.deletedAt ?? null },
    ...{ state, paused, version, createdAt, updatedAt, epoch, runId },
    ...{ epochTaken, epochAnnounced, fenceEpoch, fenceReason: fenceReason ?? null },
    ...{ virtualAt, frontier, speedPin: record.speedPin == null ? null : record.speedPin / 100 },
    ...known,
  };
}
