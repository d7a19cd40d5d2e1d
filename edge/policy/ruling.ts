// From a score to what is done: below `challengeAt` pass, below `denyAt` challenge, else refuse.
import type { ProofLevel } from '../score/evidence.ts';

export type Ruling = 'pass' | 'challenge' | 'refuse';

export interface Thresholds {
  readonly challengeAt: number;
  readonly denyAt: number;
}

/** Both at 100 switch scoring off. */
const OFF = 100;

export const isScoringOff = ({ challengeAt }: Thresholds): boolean => challengeAt >= OFF;

/**
 * A stronger proof is the way back, for everybody: who has solved one passes, whatever the score,
 * until that token expires. How many may come by that way is bounded where the token is given.
 */
export function ruleOn(
  { score, level }: { readonly score: number; readonly level: ProofLevel },
  thresholds: Thresholds,
): Ruling {
  const { challengeAt, denyAt } = thresholds;
  if (isScoringOff(thresholds) || level === 'strong' || score < challengeAt) return 'pass';
  return score < denyAt ? 'challenge' : 'refuse';
}

/** 0 … 1: how far a challenged score is from being let through. */
export function severityOf(score: number, { challengeAt, denyAt }: Thresholds): number {
  return denyAt <= challengeAt ? 1 : Math.min(1, (score - challengeAt) / (denyAt - challengeAt));
}
