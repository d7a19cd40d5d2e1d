import { createHash, randomBytes } from 'node:crypto';
import type { DrawFacts, DrawPage, DrawsPort } from '../draws-port.ts';
import { DRAW_PAGE_ENTRIES } from '../draws-port.ts';
import { DrawEntity } from '../entities/draw.ts';
import { DrawPageEntity } from '../entities/draw-page.ts';
import type { Em } from '../orm.ts';

const SEED_BYTES = 32;
const MAX_PAGES = 1_000;

/** Makes the draw of an activity where there is none yet; in the transaction that wants it. */
export async function ensureDraw(em: Em, activityId: string): Promise<void> {
  if ((await em.count(DrawEntity, { activityId })) > 0) return;
  const seed = randomBytes(SEED_BYTES);
  await em.insert(DrawEntity, {
    activityId,
    seed: seed.toString('hex'),
    commitment: createHash('sha256').update(seed).digest('hex'),
    entries: 0,
    chain: createHash('sha1').update(`draw-chain:${activityId}`).digest('hex'),
    closed: false,
    root: null,
  });
}

export async function findDraw(em: Em, activityId: string): Promise<DrawFacts | undefined> {
  return (await findDraws(em, [activityId])).get(activityId);
}

export async function findDraws(
  em: Em,
  activityIds: readonly string[],
): Promise<Map<string, DrawFacts>> {
  if (activityIds.length === 0) return new Map();
  const rows = await em.find(DrawEntity, { activityId: { $in: [...activityIds] } });
  return new Map(
    rows.map(({ activityId, seed, commitment, entries, chain, closed, root }) => {
      return [activityId, { seed, commitment, entries, chain, closed, root: root ?? null }];
    }),
  );
}

/** In a transaction. */
export async function saveDraw(
  em: Em,
  { activityId, from, pages, ...facts }: Parameters<DrawsPort['saveDraw']>[0],
): ReturnType<DrawsPort['saveDraw']> {
  const moved = await em.nativeUpdate(
    DrawEntity,
    { activityId, entries: from, closed: false },
    facts,
  );
  if (moved === 0) return { kind: 'superseded' };
  const rows = pages.map(({ first, leaves }) => ({ activityId, first, leaves }));
  if (rows.length > 0) await em.insertMany(DrawPageEntity, rows);
  return { kind: 'saved' };
}

export async function drawPages(
  em: Em,
  { activityId, from, limit }: Parameters<DrawsPort['drawPages']>[0],
): Promise<readonly DrawPage[]> {
  // A page holds at most so many, so none that begins earlier holds entry `from`.
  const rows = await em.find(
    DrawPageEntity,
    { activityId, first: { $gt: from - DRAW_PAGE_ENTRIES } },
    { orderBy: { first: 'asc' }, limit: Math.min(limit, MAX_PAGES) + 1 },
  );
  return rows
    .map(({ first, leaves }) => ({ first, leaves }))
    .filter(({ first, leaves }) => first + leaves.length / 32 > from)
    .slice(0, limit);
}
