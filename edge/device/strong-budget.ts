import type { AttestationFacts } from '../facts/device-facts.ts';
import { usersOfDevice } from '../fingerprint/crowding.ts';
import type { Likeness } from '../fingerprint/likeness.ts';

/** At this score and above a stronger proof alone is not enough for any number of people. */
const WATCHED_SCORE = 40;
const ACCOUNTS_OF_DEVICE = 6;
const ACCOUNTS_OF_NETWORK = 200;

/**
 * Whether the way back is used up for today: so many accounts have taken it on this device, or
 * behind this network, that work is being paid wholesale. Looking like a person costs nothing.
 */
export function isBudgetSpent(
  { score, likeness }: { readonly score: number; readonly likeness: Likeness },
  { strongAccountsOfDevice, strongAccountsOfNetwork, accountsAll }: AttestationFacts,
): boolean {
  if (score < WATCHED_SCORE) return false;
  const alike = likeness === 'none' ? ACCOUNTS_OF_NETWORK : usersOfDevice(likeness, accountsAll);
  const accounts = Math.max(ACCOUNTS_OF_DEVICE, alike);
  return strongAccountsOfDevice > accounts || strongAccountsOfNetwork > ACCOUNTS_OF_NETWORK;
}
