// How many places one device may hold in an activity: three, more where the device is a common one.
import type { DeviceTokenFacts } from './evidence.ts';
import type { PurchaseFacts } from './facts.ts';

const PLACES_PER_DEVICE = 3;
/** Without signals all browsers of a kind on one network are one "device". */
const PLACES_WITHOUT_SIGNALS = 50;

/** Only where every signal is alike do devices collide: identical phones on networks of their own. */
export function placesOfDevice(
  { networksOfDevice }: PurchaseFacts,
  { likeness }: DeviceTokenFacts,
): number {
  if (likeness === 'none') return PLACES_WITHOUT_SIGNALS;
  if (likeness === 'own') return PLACES_PER_DEVICE;
  return Math.max(PLACES_PER_DEVICE, 2 * networksOfDevice);
}
