// The clock and the goods: in each cell, how many of those who were called and came got a unit.
import { START_MS } from './leader-model.ts';
import { type Served, servedIn } from './measures.ts';
import type { Habit } from './people.ts';
import { runWorld, type Setting } from './world.ts';

export interface Cell {
  readonly name: string;
  readonly setting: Setting;
  /** At least this share must be served. */
  readonly atLeast: number;
}

export interface CellResult extends Served {
  readonly name: string;
  readonly atLeast: number;
  readonly isMet: boolean;
}

/** People called for the last units may be one too many, also where one is more than the share. */
const ONE_PERSON = 1;
const HABITS: readonly Habit[] = ['page', 'lognormal', 'even'];
const SHARES = [0.3, 0.6, 0.98];
const SALES = [
  { stock: 50, ratePerSecond: 5, capacity: 5 },
  { stock: 50, ratePerSecond: 50, capacity: 10 },
  { stock: 300, ratePerSecond: 50, capacity: 50 },
  { stock: 300, ratePerSecond: 300, capacity: 100 },
  { stock: 2_000, ratePerSecond: 50, capacity: 50 },
  { stock: 2_000, ratePerSecond: 200, capacity: 200 },
];
const TROUBLES: readonly (readonly [string, Partial<Setting>])[] = [
  ['pause of 3 minutes', { pause: { from: 8, seconds: 180 } }],
  ['leader dead for 10 s', { leaderAway: { from: 8, seconds: 10 } }],
  ['old leader wakes', { leaderAway: { from: 8, seconds: 10 }, oldLeaderWakes: 20 }],
  ['half the line ghosts', { comeShare: 0.49 }],
  ['units return after 15 min', { seconds: 1_500, unpaidShare: 0.3 }],
  ['people go on arriving', { later: { perSecond: 40, seconds: 120 } }],
];

const atLeastOf = (habit: Habit): number => (habit === 'page' ? 0.995 : 0.95);

const base = {
  ...{ draw: true, comeShare: 0.6, habit: 'page', unpaidShare: 0.25 },
  ...{ payWindowSeconds: 900, seconds: 800 },
} as const;

/** All cells, or with `short` a few of each kind. */
export function cellsOf(seed: number, extent: 'all' | 'short'): Cell[] {
  const plain = HABITS.flatMap((habit) =>
    SHARES.flatMap((comeShare) =>
      SALES.flatMap((sale) =>
        [true, false].map((draw): Cell => {
          const crowd = Math.ceil((2.5 * sale.stock) / comeShare);
          const { stock, ratePerSecond, capacity } = sale;
          return {
            name: `${habit} ${comeShare} · ${stock} at ${ratePerSecond}/s, C ${capacity}, ${draw ? 'draw' : 'door'}`,
            setting: { ...base, ...sale, habit, comeShare, crowd, draw, seed },
            atLeast: atLeastOf(habit),
          };
        }),
      ),
    ),
  );
  const troubled = HABITS.flatMap((habit) =>
    TROUBLES.map(([name, changes]): Cell => {
      const sale = { stock: 1_000, ratePerSecond: 50, capacity: 50, crowd: 6_000 };
      return {
        name: `${habit} · ${name}`,
        setting: { ...base, ...sale, habit, seed, ...changes },
        atLeast: atLeastOf(habit),
      };
    }),
  );
  return extent === 'all'
    ? [...plain, ...troubled]
    : [...plain.filter((_, index) => index % 5 === 0), ...troubled];
}

export function runCell({ name, setting, atLeast }: Cell): CellResult {
  const served = servedIn(runWorld(setting), START_MS);
  const missed = Math.round((1 - served.share) * served.came);
  return { name, atLeast, ...served, isMet: served.share >= atLeast || missed <= ONE_PERSON };
}
