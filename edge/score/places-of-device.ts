// How many places one device may hold in an activity: three, more where the device is a common one.
import { usersOfDevice } from '../fingerprint/crowding.ts';
import type { DeviceTokenFacts } from './evidence.ts';
import type { PurchaseFacts } from './facts.ts';

const PLACES_PER_DEVICE = 3;
/** Without signals all browsers of a kind on one network are one "device". */
const PLACES_WITHOUT_SIGNALS = 50;

/** As many as users of such devices may look alike: one bound, told once. */
export function placesOfDevice(
  { accountsAll }: PurchaseFacts,
  { likeness }: DeviceTokenFacts,
): number {
  if (likeness === 'none') return PLACES_WITHOUT_SIGNALS;
  return Math.max(PLACES_PER_DEVICE, Math.floor(usersOfDevice(likeness, accountsAll)));
}
