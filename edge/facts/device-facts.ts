// What is counted when a device shows itself: different accounts, networks and devices of the day.
// Subjects: u user, d device, h hardware, i input, s and w stronger proofs of a device and network.
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
  readonly networksOfUser: number;
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
  const { user, network, device, hardware, input, level } = shown;
  const strong = level === 'strong' ? user : '';
  const call = countCall(shown, [
    [`d:${device}`, user],
    [`h:${hardware}`, user],
    ['all', user],
    [`s:${device}`, strong],
    [`w:${network}`, strong],
    ...(input === undefined ? [] : [[`i:${input}`, user] as const]),
  ]);
  return {
    rides: [await counter.count.ride(call)],
    async read([reply]) {
      const value = await answerTo(counter, { script: counter.count, call, reply });
      const counts = v.safeParse(countsSchema, value);
      return counts.success ? factsIn(counts.output) : undefined;
    },
  };
}

type Seen = Pick<Shown, 'day' | 'user' | 'device' | 'network' | 'system'>;

/** One call of `count-facts.lua`: what was seen with the user, then subjects with their members. */
export function countCall(
  { day, user, device, network, system }: Seen,
  counted: readonly (readonly [subject: string, member: string])[],
) {
  const tags = [`d${shortOf(device)}`, `n${shortOf(network)}`, `s${system}`];
  const subjects = [`u:${user}`, ...counted.map(([subject]) => subject)];
  return {
    keys: subjects.map((subject) => edgeKeys.facts(day, subject)),
    args: [String(FACTS_LIFETIME_MS), tags.join(' '), ...counted.map(([, member]) => member)],
  };
}

/** 36 bits are enough to tell a user's few devices and networks apart. */
const shortOf = (name: string): string => name.slice(0, 6);

function factsIn(counts: readonly number[]): AttestationFacts {
  const [devicesOfUser = 0, networksOfUser = 0, systemsOfUser = 0, ...rest] = counts;
  const [accountsOfDevice = 0, accountsOfHardware = 0, accountsAll = 0, ...more] = rest;
  const [strongAccountsOfDevice = 0, strongAccountsOfNetwork = 0, accountsOfInput = 0] = more;
  return {
    devicesOfUser,
    networksOfUser,
    systemsOfUser,
    accountsOfDevice,
    accountsOfHardware,
    accountsAll,
    accountsOfInput,
    strongAccountsOfDevice,
    strongAccountsOfNetwork,
  };
}
