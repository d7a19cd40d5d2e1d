import { firstHead, type LedgerPage, nextHead } from '../../ledger/ledger.ts';
import { LedgerPageEntity } from '../entities/ledger-page.ts';
import type { Em } from '../orm.ts';

const MAX_PAGES = 1_000;

/** The newest head of each activity that has one. */
export async function ledgerHeads(
  em: Em,
  activityIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (activityIds.length === 0) return new Map();
  const places = activityIds.map(() => '?').join(',');
  const rows = await em.execute<{ activity_id: string; head: string }[]>(
    `select activity_id, head from ledger_page where id in (
      select max(id) from ledger_page where activity_id in (${places}) group by activity_id)`,
    [...activityIds],
  );
  return new Map(rows.map((row) => [row.activity_id, row.head]));
}

/** Adds a page behind the newest one; the caller holds the lock of the activity's `applied` row. */
export async function addLedgerPage(
  em: Em,
  activityId: string,
  lines: readonly string[],
): Promise<void> {
  const head = (await ledgerHeads(em, [activityId])).get(activityId) ?? firstHead(activityId);
  const page = { activityId, body: lines.join('\n'), head: nextHead(head, lines) };
  await em.insert(LedgerPageEntity, page);
}

/** Pages behind `afterId`, oldest first, at most 1,000. */
export async function ledgerPages(
  em: Em,
  { activityId, afterId, limit }: LedgerSlice,
): Promise<readonly StoredLedgerPage[]> {
  const rows = await em.find(
    LedgerPageEntity,
    { activityId, id: { $gt: afterId } },
    { orderBy: { id: 'asc' }, limit: Math.min(limit, MAX_PAGES) },
  );
  return rows.map(({ id, body, head }) => ({ id, head, lines: body.split('\n') }));
}

export interface LedgerSlice {
  readonly activityId: string;
  /** 0 for the first. */
  readonly afterId: number;
  readonly limit: number;
}

export interface StoredLedgerPage extends LedgerPage {
  readonly id: number;
}
