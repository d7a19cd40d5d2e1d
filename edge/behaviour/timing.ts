// When a purchase comes: after the page, and after opening.
import { type Hit, hit } from '../score/judgement.ts';

export interface Times {
  /** From opening to the user's first purchase. */
  readonly reactionMs: number | null;
  readonly pageAgeMs: number | null;
  readonly probesBeforeStart: number;
}

/** Seeing takes 150 ms, moving a finger 70 more; the wire helps nobody. */
const NO_REACTION_MS = 110;
const FAST_REACTION_MS = 150;
const QUICK_MS = 400;
const NOT_SEEN_MS = 800;
const HARDLY_READ_MS = 1_300;
const FEW_PROBES = 2;
const MANY_PROBES = 6;

export function timing({ reactionMs, pageAgeMs, probesBeforeStart }: Times): Hit[] {
  const hits = page(pageAgeMs);
  if (reactionMs !== null && reactionMs < NO_REACTION_MS) hits.push(hit('before-reaction'));
  else if (reactionMs !== null && reactionMs < FAST_REACTION_MS) hits.push(hit('at-reaction'));
  else if (reactionMs !== null && reactionMs < QUICK_MS) hits.push(hit('quick-reaction'));
  if (probesBeforeStart >= MANY_PROBES) hits.push(hit('many-probes-before-start'));
  else if (probesBeforeStart >= FEW_PROBES) hits.push(hit('probes-before-start'));
  return hits;
}

function page(ageMs: number | null): Hit[] {
  if (ageMs === null) return [hit('no-page')];
  if (ageMs < NOT_SEEN_MS) return [hit('page-just-served')];
  return ageMs < HARDLY_READ_MS ? [hit('page-hardly-read')] : [];
}
