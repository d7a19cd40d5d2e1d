// What a line may expect, from what its leader has seen.
import type { Outlook } from '../../shared/outlook.ts';
import type { Expectation } from './calls/follow-calls.ts';

export interface OutlookFacts {
  readonly reach: number;
  /** Speed of the clock, 0 while it stands for an operator. */
  readonly speed: number;
  /** Units free now. */
  readonly stock: number;
  readonly held: number;
  readonly expectation: Expectation;
  readonly returns: Returns;
}

/** Which share of unpaid orders ends unpaid, as far as it is known. */
export interface Returns {
  readonly share: number;
  readonly error: number;
  /** The first order has run out of time: it is measured. */
  readonly isMeasured: boolean;
}

/** Nobody is told that hardly anything is left before it can be known. */
const HOPE_BEFORE_RETURNS = 0.2;

export function outlookOf(facts: OutlookFacts): Outlook {
  const { reach, speed, stock, held, returns } = facts;
  const { expected, comeShare, cameShare } = facts.expectation;
  // Units that return are sold again, and some of them return again.
  const again = returns.share / (1 - returns.share);
  const againError = returns.error / (1 - returns.share) ** 2;
  const low = cameShare / 2;
  return {
    reach,
    pace: speed,
    paceSpread: speed < 1 ? 0.25 : 0.1,
    units: round(stock + held * again - expected / 2),
    unitsError: round(
      Math.sqrt(expected ** 2 / 12 + (held * againError) ** 2 + held * again * (1 - returns.share)),
    ),
    takeShare: round((low + comeShare) / 2),
    takeShareError: round((comeShare - low) / Math.sqrt(12)),
    leastChance: returns.isMeasured ? 0 : HOPE_BEFORE_RETURNS,
  };
}

const round = (value: number): number => Math.round(value * 1000) / 1000;
