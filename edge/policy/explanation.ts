// Why somebody was refused: told to operators by the reference that the buyer was given, never to
// the buyer. Without user, address or signals.
import { edgeKeys } from '../../shared/keys.ts';
import type { Ride } from '../redis/ride.ts';
import type { ProofLevel } from '../score/evidence.ts';
import type { Judgement } from '../score/judgement.ts';

export interface Explanation {
  readonly at: number;
  readonly stage: 'device' | 'purchase';
  readonly skuId?: string;
  readonly level: ProofLevel;
  readonly judgement: Judgement;
  /** At a purchase: names of the rules behind the hit `device`, from when the token was given. */
  readonly deviceRules?: readonly string[];
}

const LIFETIME_SECONDS = 7 * 24 * 60 * 60;
/** Crockford's: can be read out on the phone. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const GROUPS = 3;
const GROUP_LENGTH = 4;

/** 60 random bits, as `XXXX-XXXX-XXXX`. */
export function mintReference(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(GROUPS * GROUP_LENGTH));
  const text = Array.from(bytes, (byte) => ALPHABET[byte % ALPHABET.length]).join('');
  return text.replace(/.{4}(?=.)/g, '$&-');
}

export function explanationRide(
  reference: string,
  { judgement, ...explanation }: Explanation,
): Ride {
  const text = JSON.stringify({ ...explanation, ...judgement });
  return ['set', edgeKeys.explanation(reference), text, 'ex', LIFETIME_SECONDS];
}
