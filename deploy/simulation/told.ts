// What people in line are told, over many sales that differ in everything: chances and waits.
import { seededRandom } from '../crowd/random.ts';
import { type Band, bandsOf, type Waits, waitsOf } from './measures.ts';
import { type Outcome, runWorld } from './world.ts';

export interface Told {
  readonly bands: readonly (Band & { readonly isMet: boolean })[];
  readonly waits: Waits & { readonly isMet: boolean };
}

const MOST_OFF = 0.1;
/** A band of which fewer were told says nothing. */
const FEWEST = 200;
const NOTE_EVERY_SECONDS = 5;

export function runTold(seed: number, sales: number): Told {
  const random = seededRandom(seed);
  const outcomes: Outcome[] = [];
  for (let sale = 0; sale < sales; sale += 1) {
    const stock = random.pick([100, 300, 1_000]);
    const ratePerSecond = random.pick([20, 50, 200]);
    const comeShare = 0.3 + 0.68 * random.next();
    outcomes.push(
      runWorld({
        seed: seed + sale,
        draw: random.next() < 0.5,
        ...{ stock, ratePerSecond, comeShare, capacity: Math.min(ratePerSecond, stock) },
        crowd: Math.ceil((stock / comeShare) * (0.6 + 1.9 * random.next())),
        habit: random.pick(['page', 'page', 'lognormal', 'even']),
        unpaidShare: 0.1 + 0.3 * random.next(),
        ...{ payWindowSeconds: 300, seconds: 1_500, noteEvery: NOTE_EVERY_SECONDS },
      }),
    );
  }
  const waits = waitsOf(outcomes);
  return {
    bands: bandsOf(outcomes).map((band) => ({
      ...band,
      isMet: band.told < FEWEST || Math.abs(band.chance - band.cameTrue) <= MOST_OFF,
    })),
    waits: { ...waits, isMet: waits.medianError <= 0.1 && waits.inRange >= 0.95 },
  };
}
