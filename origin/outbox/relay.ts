// Moves events from the outbox into the order log, in order: reads from the oldest entry left,
// appends, deletes what was acknowledged, and only then goes on. Killed anywhere in between, its
// successor appends the same entries again, which changes nothing.
import { createBackoff, pauseFor } from '../backoff.ts';
import { InfrastructureError } from '../infrastructure-error.ts';
import type { Log } from '../log.ts';
import type { OrderLog } from '../order-log/order-log.ts';
import { createOutage } from '../outage.ts';
import { connectRedis } from '../redis/connection.ts';
import { type BatchEntry, cutBatches } from './batches.ts';
import type { OutboxLane } from './entry.ts';
import { createHolds, type Holds } from './holds.ts';
import { type Outbox, openOutbox } from './outbox.ts';

export interface RelayOptions {
  /** Of the lead: once it aborts, the append under way is finished and the relay ends. */
  readonly signal: AbortSignal;
  readonly redis: { readonly host: string; readonly port: number };
  /** The loaded activities of the moment; asked again before each read. */
  readonly lanes: () => readonly OutboxLane[];
  readonly orderLog: Pick<OrderLog, 'append'>;
  readonly log: Log;
  readonly observe?: RelayObserver;
}

export interface RelayObserver {
  relayed(batch: { readonly events: number; readonly seconds: number }): void;
  failed(reason: 'redis' | 'order-log'): void;
  malformed(skuId: string): void;
}

const BATCH_EVENTS = 1_000;
/** Entries read of each lane at once: about a batch of events, by what entries held lately. */
const LANE_ENTRIES = { least: 16, most: BATCH_EVENTS };
const LANES_PER_READ = 50;
const WAIT_MS = 200;
const STALLED_MS = 200;
const MALFORMED_MS = 5_000;
const BACKOFF = { leastMs: 50, mostMs: 1_000 };
/** Above every wait for entries; a call that takes longer is a Redis that is away. */
const COMMAND_TIMEOUT_MS = 5_000;

/** Runs until the signal aborts; never rejects for Redis or the order log being away. */
export async function runRelay(options: RelayOptions): Promise<void> {
  const { signal, log, observe } = options;
  const { host, port } = options.redis;
  const redis = connectRedis({ host, port, name: 'relay', commandTimeoutMs: COMMAND_TIMEOUT_MS });
  const outbox = openOutbox(redis);
  const backoff = createBackoff(BACKOFF);
  const outages = {
    redis: createOutage(log, 'the relay’s Redis'),
    'order-log': createOutage(log, 'the order log'),
  };
  const pass = createPass(options, outbox);
  try {
    while (!signal.aborted) {
      try {
        await pass();
        backoff.reset();
        outages.redis.ended();
        outages['order-log'].ended();
      } catch (error) {
        const away = isOrderLogAway(error) ? 'order-log' : 'redis';
        outages[away].began(error);
        observe?.failed(away);
        await backoff.pause(signal);
      }
    }
  } finally {
    redis.disconnect();
  }
}

/** One pass over all lanes; waits for entries when it found none. */
function createPass(options: RelayOptions, outbox: Outbox): () => Promise<void> {
  const { signal } = options;
  const holds = createHolds();
  let laneEntries = LANE_ENTRIES.least;

  return async () => {
    const lanes = options.lanes().filter(({ skuId }) => !holds.has(skuId));
    if (lanes.length === 0) return pauseFor(WAIT_MS, signal);
    let isIdle = true;
    for (let at = 0; at < lanes.length; at += LANES_PER_READ) {
      const waiting = await outbox.read(lanes.slice(at, at + LANES_PER_READ), laneEntries);
      if (waiting.length === 0) continue;
      isIdle = false;
      const { batches, malformed } = cutBatches(waiting, BATCH_EVENTS);
      for (const { lane, id, error } of malformed) {
        options.log.error({ err: error, skuId: lane.skuId, id }, 'an outbox entry is malformed');
        options.observe?.malformed(lane.skuId);
      }
      laneEntries = entriesForBatch(batches);
      for (const batch of batches) {
        if (signal.aborted) return;
        await relay(options, outbox, holds, batch);
      }
      for (const { lane } of malformed) holds.hold(lane.skuId, MALFORMED_MS);
    }
    if (isIdle && !signal.aborted) await outbox.untilSomethingWaits(lanes, WAIT_MS);
  };
}

async function relay(
  { orderLog, observe }: RelayOptions,
  outbox: Outbox,
  holds: Holds,
  batch: readonly BatchEntry[],
): Promise<void> {
  // A lane that an earlier batch of this pass found stalled must not go on behind its gap.
  const entries = batch.filter(({ lane }) => !holds.has(lane.skuId));
  if (entries.length === 0) return;
  const started = performance.now();
  const events = entries.flatMap((entry) => entry.events);
  const { stalled } = await orderLog.append(events);
  for (const { lane } of entries) {
    if (stalled.includes(lane.activityId)) holds.hold(lane.skuId, STALLED_MS);
  }
  const taken = Map.groupBy(
    entries.filter(({ lane }) => !stalled.includes(lane.activityId)),
    ({ lane }) => lane.skuId,
  );
  await Promise.all(
    [...taken].map(([skuId, done]) =>
      outbox.remove(
        skuId,
        done.map(({ id }) => id),
      ),
    ),
  );
  observe?.relayed({ events: events.length, seconds: (performance.now() - started) / 1_000 });
}

function entriesForBatch(batches: readonly (readonly BatchEntry[])[]): number {
  const entries = batches.flat();
  const events = entries.reduce((sum, entry) => sum + entry.events.length, 0);
  const wanted = Math.ceil((BATCH_EVENTS * entries.length) / Math.max(1, events));
  return Math.min(LANE_ENTRIES.most, Math.max(LANE_ENTRIES.least, wanted));
}

function isOrderLogAway(error: unknown): boolean {
  return error instanceof InfrastructureError;
}
