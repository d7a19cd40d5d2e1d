// What goes wrong in one run, and when: drawn from the seed, so that a run can be had again.
import { type Random, seededRandom } from '../crowd/random.ts';

export type StackKind = 'embedded' | 'full';

/**
 * kill: SIGKILL, started again after a while · pause: SIGSTOP, then SIGCONT · empty: killed, its
 * data removed · roll-back: killed, its data replaced by a copy made seconds before · delay: whoever
 * could relay sleeps, so that events come late · repeat: what the topic holds is published again.
 */
export type Action = 'kill' | 'pause' | 'empty' | 'roll-back' | 'delay' | 'repeat';

export interface Fault {
  /** The part of the stack that it befalls; `order-log` is what flows into the topic. */
  readonly target: string;
  readonly action: Action;
  /** From the start of the sale. */
  readonly atMs: number;
  /** Until it is started or woken again. */
  readonly forMs: number;
}

export interface Plan {
  readonly seed: number;
  readonly faults: readonly Fault[];
  readonly stock: number;
  readonly limitPerUser: number;
  readonly ratePerSecond: number;
  readonly capacity: number;
  readonly buyers: number;
  /** Buyers come at moments between 0 and this. */
  readonly arriveWithinMs: number;
  /** An origin beside the writer may write too; else the only writer is the one that is hurt. */
  readonly writers: 1 | 2;
}

/** A lease of the stack's elections; what is paused past it was replaced when it wakes. */
export const LEASE_SECONDS = 4;

interface Kind {
  readonly target: string;
  readonly action: Action;
  readonly leastMs: number;
  readonly mostMs: number;
  readonly isFullOnly?: boolean;
}

const killed = { action: 'kill', leastMs: 200, mostMs: 4_000 } as const;
const asleep = { leastMs: 1_000 * LEASE_SECONDS + 500, mostMs: 1_000 * LEASE_SECONDS + 4_000 };
const FIVE_SECONDS = { leastMs: 5_000, mostMs: 5_000 };

const KINDS: readonly [Kind, ...Kind[]] = [
  { target: 'origin', ...killed },
  { target: 'origin-2', ...killed, isFullOnly: true },
  { target: 'relay', ...killed, isFullOnly: true },
  { target: 'writer', ...killed, isFullOnly: true },
  { target: 'redis', ...killed, mostMs: 2_500 },
  { target: 'redis', action: 'empty', leastMs: 100, mostMs: 1_500 },
  { target: 'redis', action: 'roll-back', leastMs: 100, mostMs: 1_500 },
  { target: 'kafka', ...killed, isFullOnly: true },
  { target: 'mysql', ...killed, isFullOnly: true },
  { target: 'etcd', ...killed, mostMs: 8_000, isFullOnly: true },
  { target: 'edge', ...killed, mostMs: 2_000 },
  { target: 'bridge', ...killed, mostMs: 2_000 },
  { target: 'gateway', ...killed },
  { target: 'origin', action: 'pause', ...asleep },
  { target: 'origin-2', action: 'pause', ...asleep, isFullOnly: true },
  { target: 'relay', action: 'pause', ...asleep, isFullOnly: true },
  { target: 'writer', action: 'pause', ...asleep, mostMs: 12_000, isFullOnly: true },
  { target: 'redis', action: 'pause', leastMs: 500, mostMs: 3_000 },
  { target: 'kafka', action: 'pause', ...FIVE_SECONDS, isFullOnly: true },
  { target: 'mysql', action: 'pause', ...FIVE_SECONDS, isFullOnly: true },
  { target: 'etcd', action: 'pause', ...asleep, isFullOnly: true },
  { target: 'order-log', action: 'delay', leastMs: 1_000, mostMs: 3_000, isFullOnly: true },
  { target: 'order-log', action: 'repeat', leastMs: 0, mostMs: 5_000, isFullOnly: true },
];

/** Faults strike this far apart; two of a pair within half a second. */
const STEPS = 3;
const FIRST_AT_MS = 3_000;
const STEP_MS = 8_000;
const PAIR_WITHIN_MS = 500;
/** So long orders pile up before Redis forgets them. */
const LOSS_AFTER_MS = 700;
const PAIRS = 0.5;
/** Seeds in a row go through all kinds, unlike ones side by side. */
const STRIDE = 7;

/** The same seed and kind of stack, the same plan. */
export function planOf(seed: number, kind: StackKind): Plan {
  const random = seededRandom(seed);
  const kinds = KINDS.filter(({ isFullOnly }) => kind === 'full' || !isFullOnly);
  const faults: Fault[] = [];
  for (let step = 0; step < STEPS; step += 1) {
    const atMs = FIRST_AT_MS + step * STEP_MS + random.below(2_000);
    const one = kinds[((seed * STEPS + step) * STRIDE) % kinds.length] ?? KINDS[0];
    if (random.next() >= PAIRS) {
      faults.push(drawFault(random, one, atMs));
      continue;
    }
    const others = kinds.filter(({ target }) => target !== one.target);
    faults.push(...drawPair(random, one, others, atMs));
  }
  const stock = 40 + random.below(60);
  const ratePerSecond = 8 + random.below(25);
  return {
    ...{ seed, faults, stock, ratePerSecond },
    capacity: 2 + random.below(Math.min(stock, ratePerSecond) - 2),
    limitPerUser: 1 + random.below(2),
    buyers: Math.ceil(stock * (1 + random.next())),
    arriveWithinMs: FIRST_AT_MS + STEPS * STEP_MS,
    writers: random.pick([1, 2]),
  };
}

function pickKind(random: Random, kinds: readonly Kind[]): Kind {
  return random.pick([kinds[0] ?? KINDS[0], ...kinds.slice(1)]);
}

/** Where Redis loses its data it is the second, while events lie in the outbox if they can. */
function drawPair(random: Random, one: Kind, others: readonly Kind[], atMs: number): Fault[] {
  const keeping = others.filter(keepsEventsBack);
  const wanted = losesData({ faults: [one] }) && keeping.length > 0 ? keeping : others;
  const other = pickKind(random, wanted);
  const pair = losesData({ faults: [one] }) ? [other, one] : [one, other];
  const isLoss = losesData({ faults: pair });
  const apartMs = random.below(PAIR_WITHIN_MS) + (isLoss ? LOSS_AFTER_MS : 0);
  return pair.map((kind, index) => drawFault(random, kind, atMs + index * apartMs));
}

const keepsEventsBack = ({ target }: Kind): boolean =>
  target === 'kafka' || target === 'relay' || target === 'order-log';

function drawFault(random: Random, kind: Kind, atMs: number): Fault {
  const { target, action, leastMs, mostMs } = kind;
  return { target, action, atMs, forMs: leastMs + random.below(mostMs - leastMs + 1) };
}

/** Whether answers that buyers got may have been forgotten by Redis. */
export function losesData({ faults }: { faults: readonly Pick<Fault, 'action'>[] }): boolean {
  return faults.some(({ action }) => action === 'empty' || action === 'roll-back');
}
