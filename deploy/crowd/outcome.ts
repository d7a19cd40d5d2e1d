// What a crowd reports: how each of its members fared, and every order that was confirmed.

/** One 201: what the client was told. */
export interface Confirmed {
  readonly userId: string;
  readonly orderId: string;
  readonly quantity: number;
}

/** How a person's purchase ended; all but the last three are what a sale may fairly answer. */
export type PersonEnd =
  | 'bought'
  | 'sold-out'
  | 'limit-reached'
  | 'ended'
  | 'challenged'
  | 'refused'
  | 'gave-up';

export interface PersonOutcome {
  readonly userId: string;
  readonly end: PersonEnd;
  /** Answers that a person should not get: status and slug. */
  readonly unfair: readonly string[];
  /** What the person was told at least once on the way, whatever the end. */
  readonly met: {
    readonly line: boolean;
    /** With a device shown before: to be asked for a device is nothing but late. */
    readonly challenge: boolean;
    readonly refusal: boolean;
  };
}

export interface BotOutcome {
  readonly family: string;
  readonly bought: boolean;
  readonly requests: number;
  /** Answers by status and slug, e.g. `401 unauthenticated`. */
  readonly answers: Readonly<Record<string, number>>;
}

export interface CrowdReport {
  readonly people: readonly PersonOutcome[];
  readonly bots: readonly BotOutcome[];
  /** Every 201, repeats included. */
  readonly confirmed: readonly Confirmed[];
  /** Milliseconds of the people's purchase calls, sorted. */
  readonly purchaseMs: readonly number[];
  readonly requests: number;
}

/** What is known while the crowd runs. */
export interface CrowdProgress {
  readonly requests: number;
  readonly people: Readonly<Record<PersonEnd | 'asking' | 'waiting', number>>;
  readonly botsDone: number;
  readonly answers: Readonly<Record<number, number>>;
}

/** The value below which a share of a sorted list lies. */
export function percentile(sorted: readonly number[], share: number): number {
  const at = Math.min(sorted.length - 1, Math.floor(share * sorted.length));
  return Math.round((sorted[at] ?? 0) * 10) / 10;
}
