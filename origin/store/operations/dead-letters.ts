import type { InferEntity } from '@mikro-orm/core';
import type { DeadLetterPort, DeadLetterRow, DecidableLetter } from '../dead-letter-port.ts';
import { DeadLetterEntity } from '../entities/dead-letter.ts';
import type { Em } from '../orm.ts';

const MAX_PAGE = 1000;

/** An order that is a dead letter twice holds its units once. */
export async function unitsInDeadLetters(em: Em, activityId: string): Promise<number> {
  const [row] = await em.execute<{ units: number | string | null }[]>(
    `select sum(units) as units from (
      select max(quantity) as units from dead_letter
        where activity_id = ? and type = 'reserved' and decision is null
        group by coalesce(order_id, identity)
    ) as held`,
    [activityId],
  );
  return Number(row?.units ?? 0);
}

export async function deadLettersToCopy(em: Em, limit: number): Promise<DeadLetterRow[]> {
  const rows = await em.find(
    DeadLetterEntity,
    { copiedAt: null },
    { orderBy: { id: 'asc' }, limit: Math.min(limit, MAX_PAGE) },
  );
  return rows.map(deadLetterRow);
}

export async function deadLettersPage(
  em: Em,
  { afterId, limit, activityId, which }: Parameters<DeadLetterPort['deadLettersPage']>[0],
): Promise<DecidableLetter[]> {
  const rows = await em.find(
    DeadLetterEntity,
    {
      id: { $gt: afterId },
      ...(activityId === undefined ? {} : { activityId }),
      ...(which === 'all' ? {} : { decision: null }),
    },
    { orderBy: { id: 'asc' }, limit: Math.min(limit, MAX_PAGE) },
  );
  return rows.map(decidableLetter);
}

export async function findDeadLetter(em: Em, id: number): Promise<DecidableLetter | undefined> {
  const record = await em.findOne(DeadLetterEntity, { id });
  return record === null ? undefined : decidableLetter(record);
}

type DeadLetterRecord = InferEntity<typeof DeadLetterEntity>;

function deadLetterRow(record: DeadLetterRecord): DeadLetterRow {
  const { id, text, reason, position, attempts, createdAt } = record;
  return {
    id,
    activityId: record.activityId ?? null,
    skuId: record.skuId ?? null,
    orderId: record.orderId ?? null,
    epoch: record.epoch ?? null,
    seq: record.seq ?? null,
    ...{ text, reason, position, attempts, createdAt },
  };
}

export function decidableLetter(record: DeadLetterRecord): DecidableLetter {
  const { type, quantity, decision, decidedAt } = record;
  return {
    ...deadLetterRow(record),
    type: type ?? null,
    quantity,
    decision: decision === 'replayed' || decision === 'discarded' ? decision : null,
    decidedAt: decidedAt ?? null,
  };
}

export async function markDeadLettersCopied(em: Em, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  await em.nativeUpdate(
    DeadLetterEntity,
    { id: { $in: [...ids] }, copiedAt: null },
    { copiedAt: Date.now() },
  );
}
