// Proof of work in ALTCHA's form. The salt says until when, for whom and how hard; the challenge
// is a hash behind that salt and the signature covers the challenge, so nothing of it can be changed.
import * as v from 'valibot';
import { type WorkChallenge, workProofSchema } from '../../shared/challenge.ts';
import { isEqualText } from '../equal-texts.ts';
import { createHmac } from '../hmac.ts';
import type { ProofLevel } from '../score/evidence.ts';

export const CHALLENGE_LIFETIME_MS = 5 * 60 * 1000;

export interface WorkWanted {
  /** HMAC of the user, base64url. */
  readonly user: string;
  readonly level: ProofLevel;
  readonly maxNumber: number;
  readonly now: number;
}

export type CheckedWork =
  /** `challenge` names the proof: it counts once. */
  | { readonly kind: 'proven'; readonly challenge: string; readonly level: ProofLevel }
  | { readonly kind: 'invalid' }
  /** Not of ALTCHA's form at all: perhaps the proof of another kind of challenge. */
  | { readonly kind: 'foreign' };

export interface Work {
  ask(wanted: WorkWanted): Promise<WorkChallenge>;
  /** A proof for this user, not expired; whether it was used before is not known here. */
  check(proof: string, of: { readonly user: string; readonly now: number }): Promise<CheckedWork>;
}

// The salt must end in a delimiter: else digits could move between it and the number behind it.
const SALT = /^[0-9a-f]{24}\?expires=(\d{10})&user=([\w-]{22})&level=(ordinary|strong)&$/;
const NONCE_BYTES = 12;
const INVALID: CheckedWork = { kind: 'invalid' };

export function createWork(secret: string): Work {
  const hmac = createHmac(secret);
  const sign = async (challenge: string) => hex(await hmac(challenge));
  return {
    async ask({ user, level, maxNumber, now }) {
      const expires = Math.floor((now + CHALLENGE_LIFETIME_MS) / 1000);
      const nonce = hex(crypto.getRandomValues(new Uint8Array(NONCE_BYTES)));
      const salt = `${nonce}?expires=${expires}&user=${user}&level=${level}&`;
      const challenge = await sha256(`${salt}${randomBelow(maxNumber + 1)}`);
      const signature = await sign(challenge);
      const expiresAt = new Date(expires * 1000).toISOString();
      return {
        algorithm: 'SHA-256',
        challenge,
        salt,
        maxnumber: maxNumber,
        signature,
        expiresAt,
      };
    },
    async check(proof, { user, now }) {
      const parsed = parseProof(proof);
      if (parsed === undefined) return { kind: 'foreign' };
      const [, expires, whose, level] = SALT.exec(parsed.salt) ?? [];
      if (whose !== user || now > Number(expires) * 1000) return INVALID;
      const { challenge, number, salt, signature } = parsed;
      if (!isEqualText(signature, await sign(challenge))) return INVALID;
      if (challenge !== (await sha256(`${salt}${number}`))) return INVALID;
      return { kind: 'proven', challenge, level: level === 'strong' ? 'strong' : 'ordinary' };
    },
  };
}

function parseProof(proof: string) {
  try {
    const parsed = v.safeParse(workProofSchema, JSON.parse(atob(proof)));
    return parsed.success ? parsed.output : undefined;
  } catch {
    // No base64, or no JSON in it: what anybody may send.
    return undefined;
  }
}

/** Uniform: what a remainder of 32 random bits would favour is drawn again. */
function randomBelow(limit: number): number {
  const ceiling = 2 ** 32 - (2 ** 32 % limit);
  const drawn = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
  return drawn < ceiling ? drawn % limit : randomBelow(limit);
}

async function sha256(text: string): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))));
}

const hex = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
