// What of a draw is public: the commitment from the beginning, all the rest once it is closed.
import type { DrawStatus } from '../../shared/draw.ts';
import type { ActivityRow } from '../store/store.ts';

/** The member `draw` of the status document; null without a draw. */
export function drawStatusOf({
  draw,
  beacon,
  drawFacts,
}: Pick<ActivityRow, 'draw' | 'beacon' | 'drawFacts'>): DrawStatus | null {
  if (!draw || drawFacts === null) return null;
  const { commitment, entries, closed, seed, chain, root } = drawFacts;
  return {
    commitment,
    ...(beacon === null ? {} : { beacon }),
    entries,
    ...(closed ? { seed, chain } : {}),
    ...(closed && root !== null ? { root } : {}),
  };
}
