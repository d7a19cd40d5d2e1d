// What is counted when a device shows itself: different accounts, networks and devices of the day.
import * as v from 'valibot';
import { edgeKeys } from '../../shared/keys.ts';
import type { ProofLevel } from '../score/evidence.ts';
import type { DeviceFacts } from '../score/facts.ts';
import { answerTo, type Counter, type Counting } from './counting.ts';

export interface Shown {
  readonly day: number;
  readonly user: string;
  readonly network: string;
  readonly system: string;
  readonly device: string;
  readonly hardware: string;
  readonly input: string | undefined;
  readonly level: ProofLevel;
}

export interface AttestationFacts extends DeviceFacts {
  /** Different users that solved a stronger challenge on this device, and behind this network. */
  readonly strongAccountsOfDevice: number;
  readonly strongAccountsOfNetwork: number;
}

/** Facts of a day, told from its end on for as long as a token of that day may live. */
export const FACTS_LIFETIME_MS = 36 * 60 * 60 * 1000;

export const countsSchema = v.array(v.pipe(v.number(), v.safeInteger()));

export async function countDevice(
  counter: Counter,
  shown: Shown,
): Promise<Counting<AttestationFacts>> {
  const { day, user, network, system, device, hardware, input, level } = shown;
  const strong = level === 'strong' ? user : '';
  const counted = [
    [`device-accounts:${device}`, user],
    [`device-networks:${device}`, network],
    [`hardware-accounts:${hardware}`, user],
    [`network-accounts:${network}`, user],
    [`user-devices:${user}`, device],
    [`user-systems:${user}`, system],
    [`user-networks:${user}`, network],
    ['accounts', user],
    [`device-strong:${device}`, strong],
    [`network-strong:${network}`, strong],
    ...(input === undefined ? [] : [[`input-accounts:${input}`, user]]),
  ];
  const call = {
    keys: counted.map(([subject = '']) => edgeKeys.facts(day, subject)),
    args: [String(FACTS_LIFETIME_MS), ...counted.map(([, member = '']) => member)],
  };
  return {
    rides: [await counter.count.ride(call)],
    async read([reply]) {
      const value = await answerTo(counter, { script: counter.count, call, reply });
      const counts = v.safeParse(countsSchema, value);
      return counts.success ? factsIn(counts.output) : undefined;
    },
  };
}

function factsIn(counts: readonly number[]): AttestationFacts {
  const [accountsOfDevice = 0, networksOfDevice = 0, accountsOfHardware = 0, ...rest] = counts;
  const [accountsOfNetwork = 0, devicesOfUser = 0, systemsOfUser = 0, , ...more] = rest;
  const [accountsAll = 0, strongAccountsOfDevice = 0, strongAccountsOfNetwork = 0, input = 0] =
    more;
  return {
    accountsOfDevice,
    networksOfDevice,
    accountsOfHardware,
    accountsOfInput: input,
    accountsOfNetwork,
    devicesOfUser,
    systemsOfUser,
    accountsAll,
    strongAccountsOfDevice,
    strongAccountsOfNetwork,
  };
}
