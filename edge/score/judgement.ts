// A judgement: a score from 0 (surely a person) to 100 (surely a script), and why.
import { NO_ACCIDENT, type Rule, WEIGHTS } from '../../shared/weights.ts';

export interface Hit {
  readonly rule: string;
  /** Points of 100, by which this hit alone would raise a score from 0. */
  readonly weight: number;
}

export interface Judgement {
  /** Whole, 0 … 100. */
  readonly score: number;
  /** The weightiest first, each rule once. */
  readonly hits: readonly Hit[];
}

/** People's browsers can be odd in any number of ways: that alone is challenged, never refused. */
export const ODD_AT_MOST = 75;

/** A hit with the weight that the table gives to its rule. */
export const hit = (rule: Rule): Hit => ({ rule, weight: WEIGHTS[rule] });

/** Points that an operator has set in place of the table's. */
export type Weights = Readonly<Record<string, number>>;

const weigh = (found: Hit, weights: Weights): Hit =>
  found.rule in WEIGHTS ? { ...found, weight: weights[found.rule] ?? found.weight } : found;

/**
 * Each hit takes its share of what is left to 100: independent signs add up, none alone and no
 * crowd of weak ones passes 100, and the order makes no difference. Above `ODD_AT_MOST` only
 * together with a rule of `NO_ACCIDENT`, or a hit that weighs that much by itself.
 */
export function combine(found: readonly Hit[], weights: Weights = {}): Judgement {
  const weighed = found.map((each) => [each.rule, weigh(each, weights)] as const);
  const hits = [...new Map(weighed).values()];
  hits.sort((a, b) => b.weight - a.weight);
  const left = hits.reduce((rest, { weight }) => rest * (1 - weight / 100), 1);
  const isNoAccident = hits.some(
    ({ rule, weight }) => weight > ODD_AT_MOST || NO_ACCIDENT.has(rule),
  );
  const score = Math.round(100 * (1 - left));
  return { score: Math.max(0, Math.min(score, isNoAccident ? 100 : ODD_AT_MOST)), hits };
}
