import { expect, it } from 'vitest';
import type { AttestationFacts } from '../facts/device-facts.ts';
import { isBudgetSpent } from './strong-budget.ts';

const facts: AttestationFacts = {
  accountsOfDevice: 1,
  accountsOfHardware: 1,
  accountsOfInput: 0,
  devicesOfUser: 1,
  networksOfUser: 1,
  systemsOfUser: 1,
  accountsAll: 100,
  strongAccountsOfDevice: 1,
  strongAccountsOfNetwork: 1,
};
const odd = { score: 60, likeness: 'own' } as const;
const spent = (of: Parameters<typeof isBudgetSpent>[0], changes: Partial<AttestationFacts>) =>
  isBudgetSpent(of, { ...facts, ...changes });

it('is spent by the seventh account of a device, and the 201st of a network', () => {
  expect(spent(odd, { strongAccountsOfDevice: 6 })).toBe(false);
  expect(spent(odd, { strongAccountsOfDevice: 7 })).toBe(true);
  expect(spent(odd, { strongAccountsOfNetwork: 200 })).toBe(false);
  expect(spent(odd, { strongAccountsOfNetwork: 201 })).toBe(true);
});

it('is wider where devices look alike, and never spent by who looks like a person', () => {
  expect(spent({ ...odd, likeness: 'masked' }, { strongAccountsOfDevice: 14 })).toBe(false);
  expect(spent({ ...odd, likeness: 'none' }, { strongAccountsOfDevice: 100 })).toBe(false);
  expect(spent({ ...odd, score: 39 }, { strongAccountsOfDevice: 1_000 })).toBe(false);
});
