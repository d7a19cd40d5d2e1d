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
  own: { least: 3, share: 0.0012 },
  model: { least: 6, share: 0.01 },
  masked: { least: 14, share: 0.03 },
};
/** The same, with language, place and window left aside. */
const HARDWARE: Record<'own' | 'model', Allowance> = {
  own: { least: 4, share: 0.003 },
  model: { least: 12, share: 0.02 },
};
/** Users who show no signals and send the same headers: blockers are many, and differ. */
const UNSHOWN: Allowance = { least: 6, share: 0.004 };
const CROWD = 3;

const most = ({ least, share }: Allowance, all: number): number => least + share * all;

/** How many users may look exactly alike, of `all` that were seen. */
export const usersOfDevice = (likeness: Exclude<Likeness, 'none'>, all: number): number =>
  most(DEVICE[likeness], all);

export function crowding(likeness: Likeness, shared: Shared): Hit[] {
  const { accountsOfDevice, accountsOfHardware, accountsAll } = shared;
  if (likeness === 'none') {
    return accountsOfHardware > most(UNSHOWN, accountsAll) ? [hit('unshown-of-many')] : [];
  }
  const allowed = usersOfDevice(likeness, accountsAll);
  if (accountsOfDevice > CROWD * allowed && likeness !== 'masked') {
    return [hit('device-of-a-crowd')];
  }
  if (accountsOfDevice > allowed) return [hit('device-of-many')];
  if (likeness === 'masked') return [];
  const isCommon = accountsOfHardware > most(HARDWARE[likeness], accountsAll);
  return isCommon ? [hit('make-of-many')] : [];
}
