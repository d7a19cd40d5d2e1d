// What is counted when somebody buys: how this user came so far, and, anew, how many share the
// device, for many may have shown it after this one.
import * as v from 'valibot';
import { edgeKeys } from '../../shared/keys.ts';
import type { Gaps, PurchaseFacts } from '../score/facts.ts';
import { answerTo, type Counter, type Counting } from './counting.ts';
import { countCall, countsSchema } from './device-facts.ts';

export interface Bought {
  readonly skuId: string;
  /** The day of the device token: its names are of that day. */
  readonly day: number;
  readonly user: string;
  readonly network: string;
  readonly system: string;
  readonly device: string;
  readonly hardware: string;
  readonly now: number;
  /** undefined where this isolate does not know the sale yet: then Redis does. */
  readonly opensAt: number | undefined;
  readonly pageAgeMs: number | null;
}

const CADENCE_LIFETIME_MS = 24 * 60 * 60 * 1000;
const known = v.pipe(
  v.string(),
  v.transform((text) => (text === '-' ? null : Number(text))),
);
const cadenceSchema = v.strictTuple([v.number(), v.number(), known, known, v.string()]);

export async function countPurchase(
  counter: Counter,
  bought: Bought,
): Promise<Counting<PurchaseFacts>> {
  const { user, device, hardware } = bought;
  const counts = countCall(bought, [
    [`d:${device}`, user],
    [`h:${hardware}`, user],
    ['all', ''],
  ]);
  const note = noteCall(bought);
  return {
    rides: [await counter.count.ride(counts), await counter.note.ride(note)],
    async read([counted, noted]) {
      const [first, second] = await Promise.all([
        answerTo(counter, { script: counter.count, call: counts, reply: counted }),
        answerTo(counter, { script: counter.note, call: note, reply: noted }),
      ]);
      // Of a cluster the day's server is away and the sale's is not: the device's token counts alone.
      const isDayAway = counted?.error?.startsWith('CLUSTERDOWN');
      const numbers = v.safeParse(countsSchema, isDayAway ? [] : first);
      const cadence = v.safeParse(cadenceSchema, second);
      if (!numbers.success || !cadence.success) return undefined;
      return { ...countsIn(numbers.output), ...cadenceIn(cadence.output) };
    },
  };
}

function noteCall({ skuId, user, now, opensAt, pageAgeMs }: Bought) {
  const age = pageAgeMs === null ? '' : String(pageAgeMs);
  return {
    keys: [edgeKeys.cadence(skuId, user), edgeKeys.lineClock(skuId)],
    args: [
      String(now),
      opensAt === undefined ? '' : String(opensAt),
      String(CADENCE_LIFETIME_MS),
      age,
    ],
  };
}

function countsIn(counts: readonly number[]) {
  const [, networksOfUser = 0, systemsOfUser = 0, ...rest] = counts;
  const [accountsOfDevice = 0, accountsOfHardware = 0, accountsAll = 0] = rest;
  return { accountsOfDevice, accountsOfHardware, networksOfUser, systemsOfUser, accountsAll };
}

function cadenceIn(cadence: v.InferOutput<typeof cadenceSchema>) {
  const [requests, probesBeforeStart, reactionMs, leastPageAgeMs, list] = cadence;
  const gaps = gapsOf(list.split(',').filter(Boolean).map(Number));
  return { requests, probesBeforeStart, reactionMs, leastPageAgeMs, gaps };
}

export function gapsOf(gapsMs: readonly number[]): Gaps | null {
  const sorted = [...gapsMs].sort((a, b) => a - b);
  const [minMs] = sorted;
  if (minMs === undefined) return null;
  const count = sorted.length;
  const medianMs = ((sorted[(count - 1) >> 1] ?? 0) + (sorted[count >> 1] ?? 0)) / 2;
  const mean = sorted.reduce((sum, gap) => sum + gap, 0) / count;
  const variance = sorted.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / count;
  return { minMs, medianMs, variation: mean === 0 ? 0 : Math.sqrt(variance) / mean };
}
