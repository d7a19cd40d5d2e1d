// How many users share what should be one user's own. Signals may be faked, but each user needs
// new ones, and these may not repeat.
import { type Hit, hit } from '../score/judgement.ts';
import type { Likeness } from './likeness.ts';

interface Shared {
  readonly accountsOfDevice: number;
  readonly accountsOfHardware: number;
  readonly accountsAll: number;
}

interface Allowance {
  readonly least: number;
  /** Of all accounts. */
  readonly share: number;
}

/** Users who look exactly alike, at most, where each has a device of their own. */
const DEVICE: Record<Exclude<Likeness, 'none'>, Allowance> = {
  own: { least: 3, share: 0.002 },
  model: { least: 6, share: 0.01 },
  masked: { least: 14, share: 0.03 },
};
/** The same, with language, place and window left aside. */
const HARDWARE: Record<'own' | 'model', Allowance> = {
  own: { least: 5, share: 0.004 },
  model: { least: 12, share: 0.02 },
};
const CROWD = 3;

const exceeds = (count: number, { least, share }: Allowance, all: number): boolean =>
  count > least + share * all;

export function crowding(likeness: Likeness, shared: Shared): Hit[] {
  const { accountsOfDevice, accountsOfHardware, accountsAll } = shared;
  if (likeness === 'none') return [];
  const allowance = DEVICE[likeness];
  if (exceeds(accountsOfDevice / CROWD, allowance, accountsAll)) {
    return [hit(likeness === 'masked' ? 'device-of-many' : 'device-of-a-crowd')];
  }
  if (exceeds(accountsOfDevice, allowance, accountsAll)) return [hit('device-of-many')];
  if (likeness === 'masked') return [];
  const isCommon = exceeds(accountsOfHardware, HARDWARE[likeness], accountsAll);
  return isCommon ? [hit('make-of-many')] : [];
}
