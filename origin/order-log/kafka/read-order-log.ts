// The order log read from its oldest record to what is its end now, beside the batch writer's group
// and without moving it.
import { randomUUID } from 'node:crypto';
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import type { Log } from '../../log.ts';
import type { LogRecord } from '../../store/store.ts';
import { kafkaClient } from './client.ts';
import { recordOf } from './record.ts';
import type { KafkaSettings } from './settings.ts';

export interface ReadRecord {
  readonly record: LogRecord;
  /** False where the topic has lost records of this partition to their age. */
  readonly isWhole: boolean;
}

export interface ReadOptions {
  readonly settings: KafkaSettings;
  readonly log: Log;
  /** Told of each record, those of a partition in their order. */
  readonly onRecord: (read: ReadRecord) => void;
}

const NO_PROGRESS_MS = 30_000;
const POLL_MS = 500;
const PARTITIONS_AT_ONCE = 8;
const MAX_BYTES_PER_PARTITION = 4 * 1024 * 1024;

/** Reads only; safe to repeat. A topic that is missing is empty. Rejects where nothing comes for 30 s. */
export async function readOrderLog(options: ReadOptions): Promise<{ readonly records: number }> {
  const { settings, log, onRecord } = options;
  const kafka = kafkaClient(settings, log);
  const left = await partitionsWithRecords(kafka, settings.orders.name);
  if (left.size === 0) return { records: 0 };
  const groupId = `${settings.group}-reads-${randomUUID()}`;
  const consumer = kafka.consumer({
    groupId,
    allowAutoTopicCreation: false,
    maxBytesPerPartition: MAX_BYTES_PER_PARTITION,
  });
  const progress = { records: 0, at: Date.now() };

  async function eachBatch({ batch }: EachBatchPayload): Promise<void> {
    progress.at = Date.now();
    const bounds = left.get(batch.partition);
    if (bounds === undefined) return;
    for (const message of batch.messages) {
      const offset = BigInt(message.offset);
      if (offset >= bounds.end) break;
      const position = `${batch.topic}/${batch.partition}/${message.offset}`;
      onRecord({ record: recordOf(message, position), isWhole: bounds.isWhole });
      progress.records += 1;
    }
    if (BigInt(batch.lastOffset()) + 1n >= bounds.end) left.delete(batch.partition);
  }
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [settings.orders.name], fromBeginning: true });
    await untilRead(consumer, { eachBatch, left, progress });
  } finally {
    await consumer.disconnect();
    await forgetGroup(kafka, groupId, log);
  }
  return { records: progress.records };
}

interface Bounds {
  readonly end: bigint;
  readonly isWhole: boolean;
}

async function partitionsWithRecords(kafka: Kafka, topic: string): Promise<Map<number, Bounds>> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    if (!(await admin.listTopics()).includes(topic)) return new Map();
    const offsets = await admin.fetchTopicOffsets(topic);
    return new Map(
      offsets
        .filter(({ low, high }) => BigInt(high) > BigInt(low))
        .map(({ partition, low, high }) => [
          partition,
          { end: BigInt(high), isWhole: BigInt(low) === 0n },
        ]),
    );
  } finally {
    await admin.disconnect();
  }
}

function untilRead(
  consumer: Consumer,
  {
    eachBatch,
    left,
    progress,
  }: {
    readonly eachBatch: (payload: EachBatchPayload) => Promise<void>;
    readonly left: ReadonlyMap<number, Bounds>;
    readonly progress: { readonly at: number };
  },
): Promise<void> {
  const end = Promise.withResolvers<void>();
  const timer = setInterval(() => {
    if (Date.now() - progress.at < NO_PROGRESS_MS) return;
    end.reject(new Error(`Kafka sends no records: ${left.size} partitions are not read yet`));
  }, POLL_MS);
  consumer.on(consumer.events.CRASH, ({ payload }) => end.reject(payload.error));
  const started = consumer.run({
    autoCommit: false,
    partitionsConsumedConcurrently: PARTITIONS_AT_ONCE,
    async eachBatch(payload) {
      await eachBatch(payload);
      if (left.size === 0) end.resolve();
    },
  });
  started.catch((error: unknown) => end.reject(error));
  return end.promise.finally(() => clearInterval(timer));
}

/** Left behind it would only run out by itself. */
async function forgetGroup(kafka: Kafka, groupId: string, log: Log): Promise<void> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    await admin.deleteGroups([groupId]);
  } catch (error) {
    log.debug({ err: error, groupId }, 'a group of readers could not be removed');
  } finally {
    await admin.disconnect();
  }
}
