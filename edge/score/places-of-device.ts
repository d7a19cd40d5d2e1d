// How many places one device may hold in an activity: three, more where the device is a common one.
import type { PurchaseFacts } from './facts.ts';

const PLACES_PER_DEVICE = 3;

/** Only where every signal is alike do devices collide: identical phones on networks of their own. */
export function placesOfDevice({ networksOfDevice }: PurchaseFacts): number {
  return Math.max(PLACES_PER_DEVICE, 2 * networksOfDevice);
}
