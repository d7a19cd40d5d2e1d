// Reads the order log for the batch writer. Offsets follow the database: what is committed to the
// group is what the database has, so a crash in between repeats records and never loses one.
import type { Consumer } from 'kafkajs';
import { createBackoff } from '../../backoff.ts';
import type { Log } from '../../log.ts';
import { createOutage } from '../../outage.ts';
import type { ApplyRecords } from '../order-log.ts';
import { kafkaClient, RETRY } from './client.ts';
import { createPartitionReader } from './partition-reader.ts';
import type { KafkaSettings } from './settings.ts';
import { createMissingTopics } from './topics.ts';

export interface KafkaConsumerOptions {
  readonly settings: KafkaSettings;
  /** The batch writer; what several partitions hand it at once, it writes together. */
  readonly write: ApplyRecords;
  readonly log: Log;
}

export interface KafkaConsumer {
  /** Records known to stand in the log and not yet in the database. */
  lag(): number;
  /** Finishes the batches under way, commits, leaves the group. */
  close(): Promise<void>;
}

const GROUP = {
  // So long a killed writer's partitions wait for another, and all of them after Kafka was away:
  // a consumer that reconnects is a new member, and the group waits for the old one.
  sessionTimeout: 10_000,
  rebalanceTimeout: 15_000,
  heartbeatInterval: 1_000,
  maxWaitTimeInMs: 100,
  minBytes: 1,
  maxBytesPerPartition: 1024 * 1024,
  maxBytes: 8 * 1024 * 1024,
  allowAutoTopicCreation: false,
} as const;
const PARTITIONS_AT_ONCE = 100;
const BACKOFF = { leastMs: 100, mostMs: 5_000 };

/** Starts reading and goes on, whatever goes away and comes back, until `close`. */
export function startKafkaConsumer({ settings, write, log }: KafkaConsumerOptions): KafkaConsumer {
  const kafka = kafkaClient(settings, log);
  const closing = new AbortController();
  const lags = new Map<number, number>();
  const topic = settings.orders.name;

  async function start(consumer: Consumer, signal: AbortSignal): Promise<void> {
    await createMissingTopics(kafka, settings, log);
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({
      // Commits what was resolved and nothing else: after each batch, and before a rebalance.
      autoCommit: true,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: PARTITIONS_AT_ONCE,
      eachBatch: createPartitionReader({
        write,
        log,
        signal,
        pauseAll: () => consumer.pause([{ topic }]),
        resumeAll: () => consumer.resume([{ topic }]),
        onLag: (partition, records) => lags.set(partition, records),
      }),
    });
  }

  /** Resolves at `close`, rejects at a crash. */
  async function consume(consumer: Consumer, onJoined: () => void): Promise<void> {
    const ended = new AbortController();
    const end = Promise.withResolvers<void>();
    const close = () => end.resolve();
    consumer.on(consumer.events.CRASH, ({ payload }) => end.reject(payload.error));
    consumer.on(consumer.events.GROUP_JOIN, () => {
      // Other partitions may be ours now.
      lags.clear();
      onJoined();
    });
    closing.signal.addEventListener('abort', close, { once: true });
    try {
      await Promise.all([start(consumer, ended.signal), end.promise]);
    } finally {
      ended.abort();
      closing.signal.removeEventListener('abort', close);
      await consumer.disconnect();
    }
  }

  async function consumeUntilClosed(): Promise<void> {
    const backoff = createBackoff(BACKOFF);
    const outage = createOutage(log, 'the consumer of the order log');
    while (!closing.signal.aborted) {
      const consumer = kafka.consumer({
        ...GROUP,
        groupId: settings.group,
        // One way back for every crash: a new consumer.
        retry: { ...RETRY, retries: 5, restartOnFailure: () => Promise.resolve(false) },
      });
      try {
        await consume(consumer, () => {
          outage.ended();
          backoff.reset();
        });
      } catch (error) {
        outage.began(error);
        await backoff.pause(closing.signal);
      }
    }
  }

  const closed = consumeUntilClosed();
  return {
    lag: () => [...lags.values()].reduce((sum, lag) => sum + lag, 0),
    async close() {
      closing.abort();
      await closed;
    },
  };
}
