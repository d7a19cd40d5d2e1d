// Cloudflare Turnstile as the stronger challenge, where its keys are configured.
// https://developers.cloudflare.com/turnstile/get-started/server-side-validation/
import * as v from 'valibot';
import type { TurnstileChallenge } from '../../shared/challenge.ts';
import type { Turnstile } from '../../shared/edge-settings.ts';
import { type Log, nameOf } from '../log.ts';
import { CHALLENGE_LIFETIME_MS } from './work.ts';

export type CheckedTurnstile =
  | { readonly kind: 'proven' }
  | { readonly kind: 'invalid' }
  | { readonly kind: 'used' }
  | { readonly kind: 'away' };

const TIMEOUT_MS = 3_000;
const ACTION = 'device';
const answerSchema = v.object({
  success: v.boolean(),
  action: v.optional(v.string()),
  cdata: v.optional(v.string()),
  'error-codes': v.optional(v.array(v.string()), []),
});
/** Faults of our keys or of the service, not of the one who asks. */
const OURS = new Set(['missing-input-secret', 'invalid-input-secret', 'internal-error']);

export function askTurnstile({ siteKey }: Turnstile, user: string, now: number) {
  const expiresAt = new Date(now + CHALLENGE_LIFETIME_MS).toISOString();
  return {
    algorithm: 'TURNSTILE',
    siteKey,
    action: ACTION,
    cData: user,
    expiresAt,
  } satisfies TurnstileChallenge;
}

/**
 * Asks Turnstile. Deadline 3 s; no retries; closed while it is away; safe to repeat, for Turnstile
 * itself counts a token once.
 */
export async function checkTurnstile(
  { secret, url }: Turnstile,
  { proof, user, log }: { readonly proof: string; readonly user: string; readonly log: Log },
): Promise<CheckedTurnstile> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ secret, response: proof }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const parsed = v.safeParse(answerSchema, await response.json());
    if (!parsed.success) throw new Error('no answer of Turnstile');
    const { success, action, cdata, 'error-codes': codes } = parsed.output;
    if (success) return { kind: action === ACTION && cdata === user ? 'proven' : 'invalid' };
    if (codes.some((code) => OURS.has(code))) throw new Error('our keys');
    return { kind: codes.includes('timeout-or-duplicate') ? 'used' : 'invalid' };
  } catch (error) {
    log({ event: 'turnstile away', level: 'error', detail: nameOf(error) });
    return { kind: 'away' };
  }
}
