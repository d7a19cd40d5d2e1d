// A judgement: a score from 0 (surely a person) to 100 (surely a script), and why.
import { type Rule, WEIGHTS } from './weights.ts';

export interface Hit {
  readonly rule: string;
  /** Points of 100, by which this hit alone would raise a score from 0. */
  readonly weight: number;
}

export interface Judgement {
  /** Whole, 0 … 100. */
  readonly score: number;
  /** The weightiest first. */
  readonly hits: readonly Hit[];
}

/** A hit with the weight that the table gives to its rule. */
export const hit = (rule: Rule): Hit => ({ rule, weight: WEIGHTS[rule] });

/**
 * Each hit takes its share of what is left to 100: independent signs add up, none alone and no
 * crowd of weak ones passes 100, and the order makes no difference.
 */
export function combine(hits: readonly Hit[]): Judgement {
  const left = hits.reduce((rest, { weight }) => rest * (1 - weight / 100), 1);
  const score = Math.min(100, Math.max(0, Math.round(100 * (1 - left))));
  return { score, hits: [...hits].sort((a, b) => b.weight - a.weight) };
}
