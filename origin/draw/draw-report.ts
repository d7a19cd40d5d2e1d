// All that is public of a draw once it is closed: enough to check every place of it.
import * as v from 'valibot';
import type { ActivityRow, Store } from '../store/store.ts';
import { drawPagesOf, leavesOf } from './draw-memory.ts';
import { drawStatusOf } from './draw-status.ts';

const digits = (length: number) => v.pipe(v.string(), v.regex(new RegExp(`^[0-9a-f]{${length}}$`)));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** Members of every page and of the whole report. */
const factsSchema = v.object({
  skuId: v.string(),
  activityId: v.string(),
  commitment: digits(64),
  beacon: v.optional(v.string()),
  entries: count,
  seed: v.optional(digits(64)),
  chain: v.optional(digits(40)),
  root: v.optional(digits(64)),
  ratePerSecond: v.pipe(count, v.minValue(1)),
  capacity: v.pipe(count, v.minValue(1)),
});

/** What `GET /api/sales/{skuId}/draw` answers: the leaves from `from` on, where they go on. */
export const drawPageSchema = v.object({
  ...factsSchema.entries,
  from: count,
  leaves: v.array(digits(32)),
  next: v.nullable(count),
});

/** The same with all leaves, as a file. */
export const drawReportSchema = v.object({
  ...factsSchema.entries,
  leaves: v.array(digits(32)),
});

export type DrawFactsPage = v.InferOutput<typeof drawPageSchema>;
export type DrawReport = v.InferOutput<typeof drawReportSchema>;

/** Edges pass no answer on that is above 256 KiB. */
const MAX_LEAVES_PER_PAGE = 5_000;

type Drawn = Pick<
  ActivityRow,
  'skuId' | 'activityId' | 'draw' | 'beacon' | 'drawFacts' | 'ratePerSecond' | 'capacity'
>;

function factsOf(row: Drawn) {
  const status = drawStatusOf(row);
  if (status === null) return undefined;
  const { skuId, activityId, ratePerSecond, capacity } = row;
  return { skuId, activityId, ...status, ratePerSecond, capacity };
}

/** A page of the report; before the entries are closed it lists none. undefined without a draw. */
export async function drawPageOf(
  store: Pick<Store, 'drawPages'>,
  row: Drawn,
  from: number,
): Promise<DrawFactsPage | undefined> {
  const facts = factsOf(row);
  if (facts === undefined) return undefined;
  if (facts.seed === undefined || from >= facts.entries) {
    return { ...facts, from, leaves: [], next: null };
  }
  const limit = MAX_LEAVES_PER_PAGE;
  const pages = await store.drawPages({ activityId: row.activityId, from, limit });
  const first = pages[0]?.first ?? from;
  const leaves = pages.flatMap(leavesOf).slice(from - first, from - first + limit);
  const next = from + leaves.length;
  return { ...facts, from, leaves, next: next < facts.entries ? next : null };
}

/** undefined without a draw, and while its entries are not closed. */
export async function drawReportOf(
  store: Pick<Store, 'drawPages'>,
  row: Drawn,
): Promise<DrawReport | undefined> {
  const facts = factsOf(row);
  if (facts?.seed === undefined) return undefined;
  const leaves: string[] = [];
  for await (const page of drawPagesOf(store, row.activityId)) leaves.push(...leavesOf(page));
  return { ...facts, leaves };
}
