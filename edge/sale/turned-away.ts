// Users who were told that a sale is closed to them, and whose place had not entered: their next
// questions cost no look-up.
import { BoundedMap } from '../bounded-map.ts';

export interface TurnedAway {
  has(user: string, nowMs: number): boolean;
  add(user: string, nowMs: number): void;
  remove(user: string): void;
}

const MAX_USERS = 50_000;
/** Another isolate may have let the user in just before it saw that the sale is closed. */
const REMEMBERED_MS = 30_000;

export function createTurnedAway(): TurnedAway {
  const until = new BoundedMap<string, number>(MAX_USERS);
  return {
    has: (user, nowMs) => (until.get(user) ?? 0) > nowMs,
    add: (user, nowMs) => {
      until.set(user, nowMs + REMEMBERED_MS);
    },
    remove: (user) => {
      until.delete(user);
    },
  };
}
