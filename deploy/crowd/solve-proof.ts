// Proof of work in ALTCHA's format, the way every client can do it: hash after hash.
import { hash } from 'node:crypto';

export interface WorkChallenge {
  readonly challenge: string;
  readonly salt: string;
  readonly maxnumber: number;
  readonly signature: string;
}

const YIELD_EVERY = 5_000;

/** The proof to send; undefined where no number solves it, or more would be tried than allowed. */
export async function solveProof(
  { challenge, salt, maxnumber, signature }: WorkChallenge,
  limits: { mostTries?: number } = {},
): Promise<string | undefined> {
  const last = Math.min(maxnumber, limits.mostTries ?? maxnumber);
  for (let number = 0; number <= last; number += 1) {
    if (hash('sha256', `${salt}${number}`) === challenge) {
      const proof = { algorithm: 'SHA-256', challenge, number, salt, signature };
      return Buffer.from(JSON.stringify(proof)).toString('base64');
    }
    // Others share this thread.
    if (number % YIELD_EVERY === YIELD_EVERY - 1) await new Promise((go) => setImmediate(go));
  }
  return undefined;
}

/** The challenge in an answer; undefined where there is none that work solves. */
export function challengeIn(value: unknown): WorkChallenge | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { challenge, salt, maxnumber, signature }: Record<string, unknown> = { ...value };
  if (typeof challenge !== 'string' || typeof salt !== 'string') return undefined;
  if (typeof maxnumber !== 'number' || typeof signature !== 'string') return undefined;
  return { challenge, salt, maxnumber, signature };
}
