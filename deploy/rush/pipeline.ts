// The other half of the origins: relay into Kafka, and the batch writer behind it.

import type { Log } from '../../origin/log.ts';
import { startKafkaConsumer } from '../../origin/order-log/kafka/consumer.ts';
import { createKafkaOrderLog } from '../../origin/order-log/kafka/kafka-order-log.ts';
import type { KafkaSettings } from '../../origin/order-log/kafka/settings.ts';
import type { OutboxLane } from '../../origin/outbox/entry.ts';
import { runRelay } from '../../origin/outbox/relay.ts';
import type { Store } from '../../origin/store/store.ts';
import { createBatchWriter } from '../../origin/writer/batch-writer.ts';

export interface Pipeline {
  stop(): Promise<void>;
}

export interface PipelineOptions {
  readonly redis: { readonly host: string; readonly port: number };
  readonly bootstrap: string;
  readonly store: Store;
  readonly lane: OutboxLane;
}

const DAY_MS = 86_400_000;
const quietLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: (facts, message) => void process.stderr.write(`${message} ${JSON.stringify(facts)}\n`),
};

export function startPipeline({ redis, bootstrap, store, lane }: PipelineOptions): Pipeline {
  const settings = settingsOf(bootstrap, lane.skuId);
  const orderLog = createKafkaOrderLog(settings, quietLog);
  const writer = createBatchWriter({ apply: (records) => store.applyRecords(records) });
  const consumer = startKafkaConsumer({ settings, write: writer.write, log: quietLog });
  const stop = new AbortController();
  const relay = runRelay({
    ...{ redis, orderLog, log: quietLog, signal: stop.signal },
    lanes: () => [lane],
  });
  return {
    async stop() {
      stop.abort();
      await relay;
      await orderLog.close();
      await consumer.close();
      await writer.close();
    },
  };
}

/** Topics and a group of this rush's own. */
function settingsOf(bootstrap: string, name: string): KafkaSettings {
  const topic = { partitions: 4, retentionMs: DAY_MS };
  return {
    brokers: [bootstrap],
    ...{ clientId: 'rush', group: `rush-${name}`, replicationFactor: 1 },
    orders: { ...topic, name: `rush-${name}` },
    deadLetters: { ...topic, name: `rush-dlq-${name}` },
  };
}
