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
  /** How often a unit may still be sold and come back before the end. */
  readonly returnRounds: number;
}

/** Which share of unpaid orders ends unpaid, as far as it is known. */
export interface Returns {
  readonly share: number;
  readonly error: number;
  /** Orders have run out of time: it is measured. */
  readonly isMeasured: boolean;
  /** Orders made whose time to pay is not over, paid or not. */
  readonly open: number;
}

/** Nobody is told that hardly anything is left before it can be known. */
const HOPE_BEFORE_RETURNS = 0.2;
const MAX_ROUNDS = 20;
/**
 * Standard deviation in a ± of the share that returns. Taken for 1, chances were told too near to a
 * half; for 1/√3, too far from it.
 */
const DEVIATION = 0.9;
/** So many people who came weigh as much as knowing nothing. */
const FEW_PEOPLE = 20;
/** The clock moves as its leader says, but for a round's delay; slowed, it may be let go or slowed more. */
const SPREAD = { full: 0.1, slowed: 0.25 };

export function outlookOf(facts: OutlookFacts): Outlook {
  const { reach, speed, stock, held, returns, expectation } = facts;
  const { expected } = expectation;
  const { share, error, open } = returns;
  // Who pays pays early: the longer an order is held, the likelier its unit returns.
  const first = facts.returnRounds > 0 ? Math.min(held, share * open) : 0;
  // Units that return are sold again, and some of them return again.
  const rounds = Math.min(MAX_ROUNDS, facts.returnRounds);
  const later = stock * geometric(share, rounds) + first * geometric(share, rounds - 1);
  const returning = first + later;
  const variance =
    ((DEVIATION * error * returning) / share) ** 2 +
    returning * (1 - share) +
    (0.1 * expected) ** 2 +
    expected / 4;
  const take = takeOf(expectation);
  return {
    reach,
    pace: speed,
    paceSpread: speed < 1 ? SPREAD.slowed : SPREAD.full,
    units: round(stock + returning - expected),
    unitsError: round(Math.sqrt(variance)),
    takeShare: round(take.share),
    takeShareError: round(take.error),
    leastChance: returns.isMeasured ? 0 : HOPE_BEFORE_RETURNS,
  };
}

/** The first terms of u + u² + u³ …, so many as there are rounds left. */
function geometric(share: number, rounds: number): number {
  if (rounds <= 0) return 0;
  return (share * (1 - share ** rounds)) / (1 - share);
}

/**
 * Of those who wait, who will take a unit: anything up to the share that comes as long as nothing is
 * known, and the share that comes once enough people did.
 */
function takeOf({ comeShare, cameShare, takeShare, comers }: Expectation) {
  const low = cameShare / 2;
  const known = comers / (comers + FEW_PEOPLE);
  const spread = Math.sqrt((takeShare * (1 - takeShare)) / (comers + 1)) + 0.02;
  return {
    share: known * takeShare + ((1 - known) * (low + comeShare)) / 2,
    error: known * spread + ((1 - known) * (comeShare - low)) / Math.sqrt(12),
  };
}

const round = (value: number): number => Math.round(value * 1000) / 1000;
