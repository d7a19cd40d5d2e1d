// Gathers records from all their sources into few transactions, one at a time, in the order in
// which they came.
import { InfrastructureError } from '../infrastructure-error.ts';
import type { ApplyRecords } from '../order-log/order-log.ts';
import type { ApplyResult, LogRecord } from '../store/store.ts';
import { resultOf, type Write } from './write.ts';

export interface BatchWriterOptions {
  readonly apply: ApplyRecords;
  /** Rows of a transaction in quiet times. Default 100. */
  readonly maxRows?: number;
  /** How long a record waits for others. Default 50 ms. */
  readonly maxWaitMs?: number;
  /** Rows of a transaction while ten batches or more are waiting. Default 1,000. */
  readonly laggingRows?: number;
  /** What may wait in memory, in rows; more is refused. Default 100,000. */
  readonly maxBufferedRows?: number;
  /** After each commit, for metrics. */
  readonly onBatch?: (batch: { rows: number; seconds: number; result: ApplyResult }) => void;
}

export interface BatchWriter {
  /**
   * Resolves when all these records are committed or stalled. Rejects with `InfrastructureError`
   * when they may not be: write them again, repeats are harmless. A rejection takes everything
   * with it that waits behind, so that no later record overtakes an earlier one of its source.
   */
  write(records: readonly LogRecord[]): Promise<ApplyResult>;
  /** Rows that wait or are being written. */
  bufferedRows(): number;
  /** Takes no more, and resolves after the last transaction. */
  close(): Promise<void>;
}

const LAGGING_BATCHES = 10;

export function createBatchWriter(options: BatchWriterOptions): BatchWriter {
  const { apply, maxRows = 100, maxWaitMs = 50, laggingRows = 1000, onBatch } = options;
  const { maxBufferedRows = 100_000 } = options;
  const queue: Write[] = [];
  let waitingRows = 0;
  let writingRows = 0;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let isClosed = false;

  /** The next records in order, a part of a write where it is larger than a batch. */
  function takeBatch(): { records: LogRecord[]; writes: Write[] } {
    const limit = waitingRows >= LAGGING_BATCHES * maxRows ? laggingRows : maxRows;
    const records: LogRecord[] = [];
    const writes: Write[] = [];
    for (let write = queue[0]; write !== undefined && records.length < limit; write = queue[0]) {
      const part = write.records.slice(write.taken, write.taken + limit - records.length);
      write.taken += part.length;
      records.push(...part);
      writes.push(write);
      if (write.taken === write.records.length) queue.shift();
    }
    waitingRows -= records.length;
    writingRows = records.length;
    return { records, writes };
  }

  async function writeBatch(): Promise<void> {
    const { records, writes } = takeBatch();
    const startedAt = performance.now();
    try {
      const result = await apply(records);
      onBatch?.({ rows: records.length, seconds: (performance.now() - startedAt) / 1000, result });
      for (const write of writes) {
        write.parts.push({ result, isShared: writes.length > 1 });
        if (write.taken === write.records.length) write.resolve(resultOf(write));
      }
    } catch (error) {
      const behind = queue.splice(0).filter((write) => !writes.includes(write));
      waitingRows = 0;
      for (const write of [...writes, ...behind]) write.reject(error);
    } finally {
      writingRows = 0;
    }
  }

  async function run(): Promise<void> {
    while (waitingRows >= maxRows || hasWaitedEnough()) await writeBatch();
    running = undefined;
    if (queue.length > 0) schedule();
  }

  function hasWaitedEnough(): boolean {
    const [oldest] = queue;
    if (oldest === undefined) return false;
    return isClosed || performance.now() - oldest.since >= maxWaitMs;
  }

  /** Starts what is due; else waits for the oldest record's time. */
  function schedule(): void {
    if (running !== undefined) return;
    clearTimeout(timer);
    const [oldest] = queue;
    if (oldest === undefined) return;
    if (waitingRows >= maxRows || hasWaitedEnough()) {
      running = run();
    } else {
      // A timer may fire a fraction early; the rounding keeps it from firing twice.
      timer = setTimeout(schedule, Math.ceil(oldest.since + maxWaitMs - performance.now()));
    }
  }

  return {
    bufferedRows: () => waitingRows + writingRows,
    write(records) {
      if (isClosed) return refuse('the batch writer is closed');
      if (waitingRows + records.length > maxBufferedRows && waitingRows > 0) {
        return refuse('too many records wait for the database');
      }
      if (records.length === 0) {
        return Promise.resolve({ persisted: [], deadLetters: 0, stalled: [] });
      }
      return new Promise((resolve, reject) => {
        const since = performance.now();
        queue.push({ records, since, resolve, reject, taken: 0, parts: [] });
        waitingRows += records.length;
        schedule();
      });
    },
    async close() {
      isClosed = true;
      schedule();
      while (running !== undefined) await running;
    },
  };
}

function refuse(message: string): Promise<never> {
  return Promise.reject(new InfrastructureError('database-away', message));
}
