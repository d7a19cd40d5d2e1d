// Challenges as they stand in `GET /api/challenge` and in a 403 `challenge-required`.
import * as v from 'valibot';

/**
 * ALTCHA's proof of work: find the number, 0 … maxnumber, whose SHA-256 behind the salt is the
 * challenge. The proof is base64 of the JSON `{algorithm, challenge, number, salt, signature}`.
 */
export interface WorkChallenge {
  readonly algorithm: 'SHA-256';
  /** Lower-case hex. */
  readonly challenge: string;
  readonly salt: string;
  readonly maxnumber: number;
  readonly signature: string;
  /** RFC 3339. */
  readonly expiresAt: string;
}

/** Cloudflare Turnstile, where it is configured, instead of a stronger proof of work. */
export interface TurnstileChallenge {
  readonly algorithm: 'TURNSTILE';
  readonly siteKey: string;
  /** To be given to the widget as they are; the proof is the widget's token. */
  readonly action: string;
  readonly cData: string;
  readonly expiresAt: string;
}

export type Challenge = WorkChallenge | TurnstileChallenge;

/** What a proof of work says, once its base64 is undone. */
export const workProofSchema = v.object({
  algorithm: v.literal('SHA-256'),
  challenge: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  number: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  salt: v.pipe(v.string(), v.maxLength(256)),
  signature: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
});
export type WorkProof = v.InferOutput<typeof workProofSchema>;
