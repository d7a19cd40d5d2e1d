// What happens to the records of one fetch of one partition: they are written and their offset
// resolved, or they are held and read again.
import type { Batch, EachBatchPayload } from 'kafkajs';
import { createBackoff, pauseFor } from '../../backoff.ts';
import type { Log } from '../../log.ts';
import { createOutage } from '../../outage.ts';
import { activityOf } from '../../store/apply/record.ts';
import type { ApplyResult, LogRecord } from '../../store/store.ts';
import type { ApplyRecords } from '../order-log.ts';
import { recordOf } from './record.ts';

export interface PartitionReaderOptions {
  readonly write: ApplyRecords;
  readonly log: Log;
  /** Aborts when the consumer closes or is replaced: nothing is resumed any more. */
  readonly signal: AbortSignal;
  /** Every partition: a database that is away is away for all of them. */
  readonly pauseAll: () => void;
  readonly resumeAll: () => void;
  readonly onLag: (partition: number, records: number) => void;
}

export type PartitionReader = (payload: EachBatchPayload) => Promise<void>;

const STALLED_MS = 200;
const HEARTBEAT_MS = 1_000;
const AWAY_BACKOFF = { leastMs: 100, mostMs: 1_000 };

export function createPartitionReader(options: PartitionReaderOptions): PartitionReader {
  const { signal, log } = options;
  const outage = createOutage(log, 'the database behind the batch writer');
  const backoff = createBackoff(AWAY_BACKOFF);
  let isAllHeld = false;

  async function holdAll(): Promise<void> {
    if (isAllHeld) return;
    isAllHeld = true;
    options.pauseAll();
    await backoff.pause(signal);
    isAllHeld = false;
    if (!signal.aborted) options.resumeAll();
  }
  async function hold(resume: () => void): Promise<void> {
    await pauseFor(STALLED_MS, signal);
    if (!signal.aborted) resume();
  }

  return async ({ batch, resolveOffset, heartbeat, pause, isRunning, isStale }) => {
    if (!isRunning() || isStale()) return;
    const records = recordsOf(batch);
    let result: ApplyResult;
    try {
      result = await whileBeating({ heartbeat, log }, options.write(records));
    } catch (error) {
      outage.began(error);
      void holdAll();
      return;
    }
    outage.ended();
    backoff.reset();

    const taken = takenOf(records, result.stalled);
    const last = batch.messages[taken - 1];
    if (last !== undefined) resolveOffset(last.offset);
    options.onLag(batch.partition, lagOf(batch, taken));
    if (taken < records.length) void hold(pause());
  };
}

function recordsOf({ topic, partition, messages }: Batch): LogRecord[] {
  return messages.map((message) => recordOf(message, `${topic}/${partition}/${message.offset}`));
}

/** How many records stand before the first one of a stalled activity. */
function takenOf(records: readonly LogRecord[], stalled: readonly string[]): number {
  if (stalled.length === 0) return records.length;
  const first = records.findIndex((record) => stalled.includes(activityOf(record) ?? ''));
  return first === -1 ? records.length : first;
}

function lagOf({ highWatermark, messages }: Batch, taken: number): number {
  const next = messages[taken]?.offset ?? messages.at(-1)?.offset ?? highWatermark;
  const isWhole = taken === messages.length;
  return Math.max(0, Number(BigInt(highWatermark) - BigInt(next)) - (isWhole ? 1 : 0));
}

/** Keeps this member in its group while the work lasts, however long that is. */
async function whileBeating<T>(
  { heartbeat, log }: { heartbeat: () => Promise<void>; log: Log },
  work: Promise<T>,
): Promise<T> {
  const beats = setInterval(() => {
    // What a heartbeat has to tell (a rebalance) is told again by the one after the batch.
    heartbeat().catch((error: unknown) => log.debug({ err: error }, 'a heartbeat failed'));
  }, HEARTBEAT_MS);
  try {
    return await work;
  } finally {
    clearInterval(beats);
  }
}
