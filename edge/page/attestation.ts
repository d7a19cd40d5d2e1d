// Earns the device token that a purchase needs: the device works out a challenge and shows itself.
// Done in the background before the rush where the page is open by then, else at the press.
import type { Challenge, Refused } from './answers.ts';
import { findChallenge, showDevice } from './api.ts';
import { collectDevice } from './device/collect-device.ts';
import { summariseInput } from './device/watch-input.ts';
import { rememberDevice, rememberedDevice, type Session } from './memory.ts';
import { solve } from './proof/solve.ts';
import { askTurnstile } from './proof/turnstile.ts';

export type Earned =
  | { readonly kind: 'earned'; readonly deviceToken: string }
  | { readonly kind: 'unsolved' }
  | Refused;

/** Hears the share of the work that is done, 0…1; undefined when the buyer is asked instead. */
export type OnProgress = (share: number | undefined) => void;

interface Effort {
  readonly earned: Promise<Earned>;
  readonly listeners: Set<OnProgress>;
}

/** A proof that came too late, or twice, is made anew: this often. */
const ATTEMPTS = 3;
const MAKE_ANEW = new Set(['proof-invalid', 'proof-used']);

const efforts = new Map<string, Effort>();

/** The kept token, or one earned now; who asks meanwhile waits for the same work. */
export async function deviceTokenOf(session: Session, onProgress: OnProgress): Promise<Earned> {
  const kept = rememberedDevice(session.userId);
  if (kept !== undefined) return { kind: 'earned', deviceToken: kept };
  const effort = efforts.get(session.userId) ?? begin(session);
  effort.listeners.add(onProgress);
  return effort.earned;
}

function begin(session: Session): Effort {
  const listeners = new Set<OnProgress>();
  const onProgress: OnProgress = (share) => {
    for (const listener of listeners) listener(share);
  };
  const earned = earnDeviceToken(session, { onProgress }).finally(() =>
    efforts.delete(session.userId),
  );
  const effort = { earned, listeners };
  efforts.set(session.userId, effort);
  return effort;
}

/** Works out the challenge given, or a fresh one. */
export async function earnDeviceToken(
  { userId, token }: Session,
  { challenge, onProgress }: { challenge?: Challenge; onProgress: OnProgress },
): Promise<Earned> {
  let given = challenge;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const found = given === undefined ? await findChallenge(token) : undefined;
    if (found?.kind === 'refused') return found;
    const wanted = found?.challenge ?? given;
    given = undefined;
    if (wanted === undefined) continue;
    if (wanted.algorithm === 'TURNSTILE') onProgress(undefined);
    const solved = await (wanted.algorithm === 'TURNSTILE'
      ? askTurnstile(wanted)
      : solve(wanted, onProgress));
    if (solved.kind === 'unsolved') continue;
    const device = await collectDevice();
    const shown = { proof: solved.proof, input: summariseInput(), ...(device && { device }) };
    const answer = await showDevice(token, shown);
    if (answer.kind === 'device-token') {
      rememberDevice(userId, answer);
      return { kind: 'earned', deviceToken: answer.deviceToken };
    }
    if (!MAKE_ANEW.has(answer.slug)) return answer;
  }
  return { kind: 'unsolved' };
}
