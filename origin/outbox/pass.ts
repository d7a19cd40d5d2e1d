// One pass of the relay: from the oldest entries on, until nothing more is found, something has to
// be held, or a second is over. While the order log takes a batch, the one before is deleted and
// the next one read; a batch is appended only after the one before was acknowledged.
import type { OrderLog } from '../order-log/order-log.ts';
import type { BatchEntry, Cut, MalformedEntry } from './batches.ts';
import type { Holds } from './holds.ts';
import type { Outbox } from './outbox.ts';
import type { Reading } from './reading.ts';

export interface PassOptions {
  readonly signal: AbortSignal;
  readonly reading: Reading;
  readonly outbox: Pick<Outbox, 'remove'>;
  readonly orderLog: Pick<OrderLog, 'append'>;
  readonly holds: Holds;
  /** Hears of an entry that cannot be read, and before which nothing of its lane is left. */
  readonly onMalformed: (malformed: MalformedEntry) => Promise<void>;
  readonly onRelayed: (batch: { readonly events: number; readonly seconds: number }) => void;
}

type Entries = readonly BatchEntry[];

const STALLED_MS = 200;
const PASS_MS = 1_000;
const NOTHING: Cut = { batches: [], malformed: [] };

/** Resolves to whether anything was found; rejects when Redis or the order log is away. */
export async function relayPass(options: PassOptions): Promise<boolean> {
  const { signal, reading, outbox, onMalformed } = options;
  const endsAt = performance.now() + PASS_MS;
  const first = await reading.next();
  if (first === undefined) return false;

  let { batches: waiting, malformed } = first;
  let acknowledged: Entries = [];
  let isStalled = false;
  while (waiting.length > 0 && !isStalled && !signal.aborted) {
    const [batch = [], ...rest] = waiting;
    const goesOn = malformed.length === 0 && performance.now() < endsAt;
    const readsAhead = goesOn && rest.length === 0;
    const [taken, next = NOTHING] = await together(
      append(options, batch),
      readsAhead ? reading.next() : undefined,
      outbox.remove(acknowledged),
    );
    isStalled = taken.length < batch.length;
    acknowledged = taken;
    waiting = [...rest, ...next.batches];
    if (readsAhead) malformed = next.malformed;
  }
  await outbox.remove(acknowledged);
  if (waiting.length > 0 || isStalled) return true;
  for (const entry of malformed) await onMalformed(entry);
  return true;
}

/** The entries that were acknowledged; the lanes of the others are held. */
async function append(options: PassOptions, batch: Entries): Promise<Entries> {
  const { orderLog, holds, onRelayed } = options;
  const startedAt = performance.now();
  const { stalled } = await orderLog.append(batch.flatMap(({ events }) => events));
  const isStalled = ({ lane }: BatchEntry) => stalled.includes(lane.activityId);
  for (const { lane } of batch.filter(isStalled)) holds.hold(lane.skuId, STALLED_MS);
  const taken = batch.filter((entry) => !isStalled(entry));
  const events = taken.reduce((sum, entry) => sum + entry.events.length, 0);
  onRelayed({ events, seconds: (performance.now() - startedAt) / 1_000 });
  return taken;
}

/** All results, or the first failure: but only when all have ended, for appends must not meet. */
async function together<A, B, C>(
  ...work: readonly [Promise<A>, Promise<B> | undefined, Promise<C>]
): Promise<[A, B | undefined]> {
  await Promise.allSettled(work);
  const [first, second] = await Promise.all(work);
  return [first, second];
}
