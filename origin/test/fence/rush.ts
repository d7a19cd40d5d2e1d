// People who buy at the same time and ask again, under the same order id, until they are told.
import { setTimeout as pause } from 'node:timers/promises';
import { buy, newOrderId, type Purchase, type Sale } from '../reserve/shop-front.ts';
import type { Answer } from '../signature/signed-client.ts';

export interface Bought {
  readonly purchase: Required<Omit<Purchase, 'receipt'>>;
  readonly body: Answer['body'];
}

export interface Rush {
  /** What was answered 201 so far. */
  readonly bought: Bought[];
  /** Slugs of the final refusals so far. */
  readonly refused: string[];
  /** How often each thing that is not final was met: 202, a slug of a 503, or no answer. */
  readonly met: Map<string, number>;
  /** The longest that one request was without an answer. */
  longestMs(): number;
  /** Resolves when everybody has a final answer; rejects after 30 s. */
  readonly over: Promise<void>;
}

const AGAIN_AFTER_MS = 40;
const DECIDED_WITHIN_MS = 30_000;

export interface Crowd {
  readonly people: readonly string[];
  readonly quantity?: number;
}

export const people = (count: number, name = 'user'): string[] =>
  Array.from({ length: count }, (_, index) => `${name}-${index}`);

export function startRush(origin: string, sale: Sale, crowd: Crowd): Rush {
  const seen: Seen = { bought: [], refused: [], met: new Map(), longestMs: 0 };
  const over = Promise.all(
    crowd.people.map((userId) => insist(origin, sale, { ...crowd, userId }, seen)),
  );
  return { ...seen, longestMs: () => seen.longestMs, over: over.then() };
}

interface Seen extends Pick<Rush, 'bought' | 'refused' | 'met'> {
  longestMs: number;
}

async function insist(
  origin: string,
  sale: Sale,
  { userId, quantity = 1 }: Omit<Purchase, 'orderId'>,
  seen: Seen,
): Promise<void> {
  const purchase = { userId, orderId: newOrderId(sale), quantity };
  const deadline = Date.now() + DECIDED_WITHIN_MS;
  while (Date.now() < deadline) {
    const askedAt = Date.now();
    // A connection that breaks is one more answer that is not final.
    const answer = await buy(origin, sale, purchase).catch((): Answer | undefined => undefined);
    seen.longestMs = Math.max(seen.longestMs, Date.now() - askedAt);
    const word = answer === undefined ? 'no answer' : wordOf(answer);
    if (answer?.status === 201) return void seen.bought.push({ purchase, body: answer.body });
    if (answer?.status === 409) return void seen.refused.push(word);
    seen.met.set(word, (seen.met.get(word) ?? 0) + 1);
    await pause(AGAIN_AFTER_MS);
  }
  throw new Error(`${userId} was not told within ${DECIDED_WITHIN_MS} ms`);
}

const wordOf = ({ body }: Answer): string => String(body.type ?? body.state);
