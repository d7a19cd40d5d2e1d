// How far a proof of work has to search.

export interface Reason {
  /** 0 … 1: where the score stands between being challenged and being refused. */
  readonly severity: number;
  /** Stronger challenges that this user solved today. */
  readonly solved: number;
}

const STRONGER = 8;
const MAX_DOUBLINGS = 3;

/**
 * Eight times an ordinary one at least, 128 times at most: a second or two on a phone at the
 * start, most of a minute for who comes again and again.
 */
export function strongMaxNumber(ordinary: number, { severity, solved }: Reason): number {
  const doubled = 2 ** Math.min(MAX_DOUBLINGS, solved);
  return Math.round(ordinary * STRONGER * doubled * (1 + Math.min(1, Math.max(0, severity))));
}
