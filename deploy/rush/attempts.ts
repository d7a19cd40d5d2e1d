// Who tries to buy what, in which order: the same seed, the same attempts, whichever process asks.
import { createHash } from 'node:crypto';

export interface Attempt {
  readonly ulid: string;
  readonly userId: string;
  readonly quantity: number;
}

export interface Crowd {
  readonly seed: number;
  /** Ordinary users, each of whom tries again and again. */
  readonly users: number;
  /** The first ten signs of every order id: its moment. */
  readonly moment: string;
}

export const LIMIT_PER_USER = 2;
/** Shares of a thousand: order ids that are sent again, users who never stop, wishes above the limit. */
const REPEATED = 250;
const GREEDY = 50;
const ABOVE_LIMIT = 50;
const PAIRS = 200;
const GREEDY_USERS = 20;
/** A repeat follows so closely that the first may still be under way in another process. */
const REPEATED_WITHIN = 512;

export function attemptAt(crowd: Crowd, index: number): Attempt {
  const [kind, which, wish] = dice(crowd.seed, index);
  if (kind < REPEATED && index > 0) {
    const back = 1 + (which % Math.min(REPEATED_WITHIN, index));
    const first = attemptAt(crowd, index - back);
    // Now and then with another wish; the order that stands is not changed by it.
    return wish < ABOVE_LIMIT ? { ...first, quantity: LIMIT_PER_USER } : first;
  }
  const isGreedy = kind < REPEATED + GREEDY;
  return {
    ulid: `${crowd.moment}${index.toString(16).toUpperCase().padStart(16, '0')}`,
    userId: isGreedy ? `greedy-${which % GREEDY_USERS}` : `user-${which % crowd.users}`,
    quantity: wish < ABOVE_LIMIT ? LIMIT_PER_USER + 1 : wish < ABOVE_LIMIT + PAIRS ? 2 : 1,
  };
}

/** Two numbers below 1,000 around a large one. */
function dice(seed: number, index: number): [kind: number, which: number, wish: number] {
  const bytes = createHash('sha1').update(`${seed} ${index}`).digest();
  return [bytes.readUInt32BE(0) % 1_000, bytes.readUInt32BE(4), bytes.readUInt32BE(8) % 1_000];
}
