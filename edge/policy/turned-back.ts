// Who was challenged or refused a moment ago, and would be so again: the same answer, at no cost
// in Redis. A new device token makes a new question.
import { BoundedMap } from '../bounded-map.ts';
import type { Reason } from '../challenge/difficulty.ts';

export type Turned =
  | { readonly kind: 'ordinary-challenge' }
  | { readonly kind: 'strong-challenge'; readonly reason: Reason }
  | { readonly kind: 'refused'; readonly reference: string };

/** An attempt: who, with which device token, in which activity. */
export interface Attempt {
  readonly activityId: string;
  readonly user: string;
  /** When the device token was given; 0 without one. */
  readonly tokenAt: number;
}

export interface TurnedBack {
  find(attempt: Attempt, nowMs: number): Turned | undefined;
  add(attempt: Attempt, turned: Turned, nowMs: number): void;
}

const MAX_ATTEMPTS = 50_000;
/** Another isolate may have let the user in just before. */
const REMEMBERED_MS = 30_000;

export function createTurnedBack(): TurnedBack {
  const known = new BoundedMap<string, { readonly turned: Turned; readonly until: number }>(
    MAX_ATTEMPTS,
  );
  const keyOf = ({ activityId, user, tokenAt }: Attempt) => `${activityId} ${user} ${tokenAt}`;
  return {
    find(attempt, nowMs) {
      const found = known.get(keyOf(attempt));
      return found !== undefined && nowMs < found.until ? found.turned : undefined;
    },
    add: (attempt, turned, nowMs) => {
      known.set(keyOf(attempt), { turned, until: nowMs + REMEMBERED_MS });
    },
  };
}
