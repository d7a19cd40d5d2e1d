// One round of one draw: what entered since is saved, at the start the entries are closed, and once
// all of them are saved the database says so, which makes seed, chain and root public.
import { edgeKeys } from '../../shared/keys.ts';
import type { Script } from '../redis/script.ts';
import { DRAW_PAGE_ENTRIES, type DrawPage } from '../store/draws-port.ts';
import type { ActivityRow, Store } from '../store/store.ts';
import { chainBehind, type DrawMemory } from './draw-memory.ts';
import { forgetDraw, type RestoreDrawOptions, restoreDraw } from './restore-draw.ts';
import { readEntries, type StoredDraw } from './stored-draw.ts';

export interface TendDrawOptions extends RestoreDrawOptions {
  readonly store: Pick<Store, 'saveDraw' | 'drawPages'>;
  readonly scripts: RestoreDrawOptions['scripts'] & { readonly closeDraw: Script };
}

/** `again` at once: more is to be done; `forget`: the database is ahead of this memory. */
export type TendDrawAnswer = 'rest' | 'again' | 'closed' | 'forget';

/** More than this waits for the next round, which follows at once. */
const MAX_ENTRIES_PER_ROUND = 20 * DRAW_PAGE_ENTRIES;

export async function tendDraw(
  options: TendDrawOptions,
  { row, memory, stored }: { row: ActivityRow; memory: DrawMemory; stored: StoredDraw | undefined },
  nowMs: number,
): Promise<TendDrawAnswer> {
  const { edgeRedis, scripts } = options;
  if (stored === undefined || stored.count < memory.entries) {
    if (stored !== undefined) await forgetDraw(options, row, stored);
    await restoreDraw(options, row, memory);
    return 'rest';
  }
  if (stored.count === 0 && !stored.isClosed && !isOfTerms(stored, row)) {
    await restoreDraw(options, row, memory);
    return 'rest';
  }
  const { activityId, skuId } = row;
  if (!stored.isClosed && nowMs >= row.startAt) {
    const keys = [
      edgeKeys.lineClock(skuId),
      edgeKeys.draw(skuId),
      edgeKeys.tokenBucket(skuId),
      edgeKeys.tokenBucketLast(skuId),
    ];
    const answer = await scripts.closeDraw.run(edgeRedis, keys, [activityId]);
    if (answer === 'closed') return 'again';
  }
  if (memory.closed) return 'rest';
  return save(options, { row, memory, stored });
}

/** Terms may change until the first entry. */
const isOfTerms = ({ entryOpensAt, beacon }: StoredDraw, row: ActivityRow): boolean =>
  entryOpensAt === row.entryOpensAt && beacon === (row.beacon ?? '');

async function save(
  options: TendDrawOptions,
  { row, memory, stored }: { row: ActivityRow; memory: DrawMemory; stored: StoredDraw },
): Promise<TendDrawAnswer> {
  const { store, edgeRedis } = options;
  const from = memory.entries;
  const missing = stored.count - from;
  if (missing === 0 && !stored.isClosed) return 'rest';
  const limit = Math.min(missing, MAX_ENTRIES_PER_ROUND);
  const leaves = limit === 0 ? [] : await readEntries(edgeRedis, row.skuId, { from, limit });
  // Redis has lost them since it told the count: the next round sees to that.
  if (leaves.length < limit) return 'rest';
  const entries = from + leaves.length;
  const chain = await chainBehind(memory.chain, leaves);
  const isWhole = entries === stored.count;
  if (isWhole && chain !== stored.chain) {
    // A Redis that went back gave indices out again: what is saved counts.
    await forgetDraw(options, row, stored);
    throw new Error(`the running hash of the draw of ${row.activityId} is not that of its entries`);
  }
  const closed = isWhole && stored.isClosed;
  for (const leaf of leaves) memory.tree.append(Buffer.from(leaf, 'hex'));
  const root = closed ? memory.tree.root() : null;
  const { activityId } = row;
  const pages = pagesOf(leaves, from);
  const saved = await store.saveDraw({ activityId, from, pages, entries, chain, closed, root });
  if (saved.kind === 'superseded') return 'forget';
  Object.assign(memory, { entries, chain, closed });
  if (closed) return 'closed';
  return isWhole ? 'rest' : 'again';
}

function pagesOf(leaves: readonly string[], from: number): DrawPage[] {
  const pages: DrawPage[] = [];
  for (let at = 0; at < leaves.length; at += DRAW_PAGE_ENTRIES) {
    const page = leaves.slice(at, at + DRAW_PAGE_ENTRIES);
    pages.push({ first: from + at, leaves: page.join('') });
  }
  return pages;
}
