// Reads the lanes in turn, each from its oldest entry and then on from where it was read to, so
// that the next batch is at hand while the order log takes the one before. Nothing is remembered
// from one reading to the next.
import { type Cut, cutBatches } from './batches.ts';
import type { OutboxLane } from './entry.ts';
import { OLDEST, type Outbox } from './outbox.ts';

export interface Reading {
  /** What the next lanes with entries hold; undefined when a whole round found nothing more. */
  next(): Promise<Cut | undefined>;
}

export const BATCH_EVENTS = 1_000;
/** Entries read of each lane at once: about a batch of events, by what entries held lately. */
const LANE_ENTRIES = { least: 16, most: BATCH_EVENTS };
const LANES_PER_READ = 50;

/** `batchMax`: events of one batch, at most `BATCH_EVENTS`. */
export function startReading(
  outbox: Outbox,
  lanes: () => readonly OutboxLane[],
  batchMax = BATCH_EVENTS,
): Reading {
  const readTo = new Map<string, string>();
  let round: OutboxLane[] = [];
  let hasFound = true;
  let count = LANE_ENTRIES.least;

  return {
    async next() {
      for (;;) {
        if (round.length === 0) {
          if (hasFound) round = [...lanes()];
          if (round.length === 0) return undefined;
          hasFound = false;
        }
        const turn = round.splice(0, LANES_PER_READ);
        const positions = turn.map((lane) => ({
          lane,
          after: readTo.get(lane.activityId) ?? OLDEST,
        }));
        const found = await outbox.read(positions, count);
        if (found.length === 0) continue;
        hasFound = true;
        for (const { lane, entries } of found) {
          const [last] = entries.at(-1) ?? [];
          if (last !== undefined) readTo.set(lane.activityId, last);
        }
        const cut = cutBatches(found, batchMax);
        count = entriesForBatch(cut);
        return cut;
      }
    },
  };
}

function entriesForBatch({ batches }: Cut): number {
  const entries = batches.flat();
  const events = entries.reduce((sum, entry) => sum + entry.events.length, 0);
  const wanted = Math.ceil((BATCH_EVENTS * entries.length) / Math.max(1, events));
  return Math.min(LANE_ENTRIES.most, Math.max(LANE_ENTRIES.least, wanted));
}
