// Which challenge a user gets: ordinary work before the rush, something harder for who looks odd.
import type { Challenge } from '../../shared/challenge.ts';
import type { Settings } from '../../shared/edge-settings.ts';
import { type Reason, strongMaxNumber } from './difficulty.ts';
import { askTurnstile } from './turnstile.ts';
import type { Work } from './work.ts';

export interface Challenges {
  ordinary(user: string): Promise<Challenge>;
  strong(user: string, reason: Reason): Promise<Challenge>;
}

export function createChallenges(settings: Settings, work: Work): Challenges {
  const { proofMaxNumber, turnstile } = settings;
  return {
    ordinary: (user) =>
      work.ask({ user, level: 'ordinary', maxNumber: proofMaxNumber, now: Date.now() }),
    async strong(user, reason) {
      if (turnstile !== undefined) return askTurnstile(turnstile, user, Date.now());
      const maxNumber = strongMaxNumber(proofMaxNumber, reason);
      return work.ask({ user, level: 'strong', maxNumber, now: Date.now() });
    },
  };
}
