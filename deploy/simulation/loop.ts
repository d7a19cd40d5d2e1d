// The control loop: neither swings nor overruns the origin, whatever happens to either.
import { type Steadiness, steadinessOf } from './measures.ts';
import { runWorld, type Setting } from './world.ts';

export interface LoopResult extends Steadiness {
  readonly name: string;
  readonly isMet: boolean;
}

const RATE = 200;
/** Spread of the speed around its mean, once settled. */
const MOST_UNREST = 0.25;
/** In any second: what waits for longer than 3 s is given up by its edge, and comes again. */
const MOST_QUEUE_SECONDS = 6;
/** Promise 7. */
const MOST_INTAKE = 1;
const SETTLED = { from: 100, to: 260 };

const base: Omit<Setting, 'seed'> = {
  ...{ draw: true, unpaidShare: 0.25, payWindowSeconds: 900, comeShare: 0.95, habit: 'page' },
  ...{ stock: 60_000, ratePerSecond: RATE, capacity: RATE, crowd: 60_000, seconds: 260 },
};
const enough = () => 1.5 * RATE;
const half = (second: number) => (second < 40 ? 1.2 * RATE : 0.5 * RATE);

const SCENES: readonly (readonly [string, Partial<Setting>])[] = [
  ['an origin that keeps up', { originPerSecond: enough }],
  ['an origin that slows down to half', { originPerSecond: half }],
  ['40 % do not come', { originPerSecond: enough, comeShare: 0.6 }],
  ['crowds return after a pause', { originPerSecond: enough, pause: { from: 30, seconds: 60 } }],
  [
    'tickets held back, all at once',
    { originPerSecond: enough, holdBack: { share: 0.4, until: 60 } },
  ],
  [
    'a change of leader under load',
    { originPerSecond: half, leaderAway: { from: 60, seconds: 3 } },
  ],
  [
    'an old leader wakes up',
    { originPerSecond: half, leaderAway: { from: 60, seconds: 10 }, oldLeaderWakes: 100 },
  ],
];

export function runLoop(seed: number): LoopResult[] {
  return SCENES.map(([name, changes]) => {
    const setting: Setting = { ...base, ...changes, seed };
    const perSecond = setting.originPerSecond ?? enough;
    const steadiness = steadinessOf(runWorld(setting), SETTLED, { ...base, perSecond });
    const { unrest, longestQueueSeconds, intake } = steadiness;
    const isCalm = unrest <= MOST_UNREST && longestQueueSeconds <= MOST_QUEUE_SECONDS;
    return { name, ...steadiness, isMet: isCalm && intake <= MOST_INTAKE };
  });
}
