import type { Em } from '../orm.ts';
import type { Store } from '../store.ts';

const ROWS_PER_STATEMENT = 200;

/** Whole milliseconds, rounded up: the line may go on later than it stood, never earlier. */
export async function saveFrontiers(
  em: Em,
  frontiers: Parameters<Store['saveFrontiers']>[0],
): Promise<void> {
  for (let from = 0; from < frontiers.length; from += ROWS_PER_STATEMENT) {
    await saveSome(em, frontiers.slice(from, from + ROWS_PER_STATEMENT));
  }
}

async function saveSome(em: Em, rows: Parameters<Store['saveFrontiers']>[0]): Promise<void> {
  const raise = (column: string) =>
    `${column} = case activity_id ${`when ? then case when ${column} < ? then ? else ${column} end `.repeat(rows.length)} else ${column} end`;
  const values = (of: (row: (typeof rows)[number]) => number) =>
    rows.flatMap((row) => [row.activityId, Math.ceil(of(row)), Math.ceil(of(row))]);
  await em.execute(
    `update activity set ${raise('virtual_at')}, ${raise('frontier')}
      where activity_id in (${rows.map(() => '?').join(', ')})`,
    [
      ...values((row) => row.virtualAt),
      ...values((row) => row.frontier),
      ...rows.map(({ activityId }) => activityId),
    ],
    'run',
  );
}
