// Users who were told that a sale is closed to them: while its document says the same, their next
// questions cost no look-up.
import type { Refusal } from '../../shared/refusal.ts';
import { BoundedMap } from '../bounded-map.ts';

export interface Person {
  readonly activityId: string;
  readonly userKey: string;
}

export interface TurnedAway {
  /** Whether this person was told just this: another reason is another question. */
  has(person: Person, refusal: Refusal, nowMs: number): boolean;
  add(person: Person, refusal: Refusal, nowMs: number): void;
  remove(person: Person): void;
}

interface Told {
  readonly reason: string;
  readonly until: number;
}

const MAX_USERS = 50_000;
/** Another isolate may have let the user in just before it saw that the sale is closed. */
const REMEMBERED_MS = 30_000;

export function createTurnedAway(): TurnedAway {
  const told = new BoundedMap<string, Told>(MAX_USERS);
  return {
    has(person, refusal, nowMs) {
      const known = told.get(keyOf(person));
      return known !== undefined && known.until > nowMs && known.reason === reasonOf(refusal);
    },
    add(person, refusal, nowMs) {
      told.set(keyOf(person), { reason: reasonOf(refusal), until: nowMs + REMEMBERED_MS });
    },
    remove(person) {
      told.delete(keyOf(person));
    },
  };
}

const keyOf = ({ activityId, userKey }: Person): string => `${activityId} ${userKey}`;

/** Whose place was kept while units could return may have lost it when none could any more. */
const reasonOf = (refusal: Refusal): string =>
  refusal.kind === 'sold-out' ? `sold-out ${refusal.unitsMayReturn}` : refusal.kind;
