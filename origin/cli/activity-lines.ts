// A page of activities as a person reads it: one line each.
import * as v from 'valibot';

const pageSchema = v.object({
  items: v.array(
    v.object({
      activityId: v.string(),
      state: v.string(),
      skuId: v.string(),
      sold: v.number(),
      stock: v.number(),
      startAt: v.string(),
      endAt: v.string(),
      title: v.string(),
    }),
  ),
  nextCursor: v.nullable(v.string()),
});

export function activityLines(answer: unknown): readonly string[] {
  const { items, nextCursor } = v.parse(pageSchema, answer);
  if (items.length === 0) return ['No activities.'];
  const rows = items.map(({ activityId, state, skuId, sold, stock, startAt, endAt, title }) => [
    ...[activityId, state, skuId, `${sold} of ${stock}`],
    ...[`${toMinute(startAt)} to ${toMinute(endAt)}`, title],
  ]);
  const widthOf = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const widths = rows[0]?.map((_, column) => widthOf(column)) ?? [];
  const lines = rows.map((row) => {
    return row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  });
  return nextCursor === null ? lines : [...lines, `more: --cursor ${nextCursor}`];
}

/** Minutes are enough to tell sales apart; in UTC. */
const toMinute = (time: string): string => `${time.slice(0, 16).replace('T', ' ')}Z`;
