import { DeadLetterEntity } from '../entities/dead-letter.ts';
import type { Em } from '../orm.ts';
import type { DeadLetterRow } from '../store.ts';

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
  return rows.map(({ id, text, reason, position, attempts, createdAt, ...row }) => ({
    id,
    activityId: row.activityId ?? null,
    skuId: row.skuId ?? null,
    orderId: row.orderId ?? null,
    epoch: row.epoch ?? null,
    seq: row.seq ?? null,
    ...{ text, reason, position, attempts, createdAt },
  }));
}

export async function markDeadLettersCopied(em: Em, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  await em.nativeUpdate(
    DeadLetterEntity,
    { id: { $in: [...ids] }, copiedAt: null },
    { copiedAt: Date.now() },
  );
}
