// A proof counts once. Its mark rides in the limit's request, with everything else that is counted.
import { edgeKeys } from '../../shared/keys.ts';
import type { Refusal } from '../../shared/refusal.ts';
import type { Call } from '../call.ts';
import { checkTurnstile } from '../challenge/turnstile.ts';
import { CHALLENGE_LIFETIME_MS } from '../challenge/work.ts';
import type { Edge } from '../edge.ts';
import { type Reply, type Ride, writeLater } from '../redis/ride.ts';
import type { ProofLevel } from '../score/evidence.ts';

/** What a proof would prove, if it is new. */
export type Offered =
  | { readonly kind: 'work'; readonly challenge: string; readonly level: ProofLevel }
  /** Turnstile knows, and counts it once itself. */
  | { readonly kind: 'turnstile'; readonly proof: string; readonly level: 'strong' };

export type Offer = Offered | { readonly kind: 'invalid' };

/** No proof of ALTCHA's form can only be Turnstile's, where that is configured. */
export async function readOffer(
  { work, settings }: Edge,
  { proof, user, now }: { readonly proof: string; readonly user: string; readonly now: number },
): Promise<Offer> {
  const checked = await work.check(proof, { user, now });
  switch (checked.kind) {
    case 'proven':
      return { kind: 'work', challenge: checked.challenge, level: checked.level };
    case 'invalid':
      return { kind: 'invalid' };
    case 'foreign':
      return settings.turnstile === undefined
        ? { kind: 'invalid' }
        : { kind: 'turnstile', proof, level: 'strong' };
  }
}

export function markRides(offered: Offered): Ride[] {
  if (offered.kind === 'turnstile') return [];
  const key = edgeKeys.proof(offered.challenge);
  return [['set', key, '1', 'nx', 'px', CHALLENGE_LIFETIME_MS]];
}

/** The refusal of a proof that is not new, not Turnstile's, or cannot be told; else undefined. */
export async function checkOffer(
  { settings }: Edge,
  call: Call,
  { offered, user, mark }: { offered: Offered; user: string; mark: Reply | undefined },
): Promise<Refusal | undefined> {
  if (offered.kind === 'work') {
    if (mark === undefined || mark.error !== undefined) return AWAY;
    return mark.result === 'OK' ? undefined : { kind: 'proof-used' };
  }
  const { turnstile } = settings;
  if (turnstile === undefined) return { kind: 'proof-invalid' };
  const checked = await checkTurnstile(turnstile, { proof: offered.proof, user, log: call.log });
  switch (checked.kind) {
    case 'proven':
      return undefined;
    case 'invalid':
      return { kind: 'proof-invalid' };
    case 'used':
      return { kind: 'proof-used' };
    case 'away':
      return AWAY;
  }
}

/** For who was told to slow down: the work was not in vain, the same proof may come again. */
export async function giveBack(
  { redis }: Edge,
  offered: Offered,
  mark: Reply | undefined,
): Promise<void> {
  if (offered.kind !== 'work' || mark?.result !== 'OK') return;
  const key = edgeKeys.proof(offered.challenge);
  await writeLater(redis, [['del', key]]);
}

const AWAY: Refusal = { kind: 'unavailable', retryAfterSeconds: 1 };
