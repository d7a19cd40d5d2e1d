// A Kafka of its own with the order log on it, and what the relay is compared with: the bare client,
// and the broker's own producer benchmark.
import { Kafka, logLevel, type Message, Partitioners } from 'kafkajs';
import type { Log } from '../../origin/log.ts';
import { createKafkaOrderLog } from '../../origin/order-log/kafka/kafka-order-log.ts';
import type { KafkaSettings } from '../../origin/order-log/kafka/settings.ts';
import type { OrderLog } from '../../origin/order-log/order-log.ts';
import { startKafka } from '../local/services/kafka.ts';
import { javaWithKafka } from '../local/services/kafka-jars.ts';
import { run } from '../local/services/programs.ts';

export interface OrdersLog {
  readonly orderLog: OrderLog;
  /** Messages in batches of `size`, one after the other, each acknowledged by all. */
  produce(messages: readonly Message[], size: number): Promise<void>;
  /** Records a second of `kafka-producer-perf-test`, keyless, as fast as it can. */
  ownProducer(record: { readonly bytes: number; readonly count: number }): Promise<number>;
  close(): Promise<void>;
}

const ACKS_ALL = -1;
const DAY_MS = 86_400_000;
const PARTITIONS = 100;
const READY_WITHIN_MS = 20_000;
const HEAP = '512m';
const TOPIC = 'bench-orders';
const SKU = { skuId: 'first', activityId: 'first' };
const FIRST = { version: 1, type: 'epoch', ...SKU, epoch: 1, seq: 0 } as const;

export const quietLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: (facts, message) => void process.stderr.write(`${message} ${JSON.stringify(facts)}\n`),
};

export async function openLog(dir: string): Promise<OrdersLog> {
  const server = await startKafka({ dir });
  const broker = `${server.host}:${server.port}`;
  const orderLog = createKafkaOrderLog(settingsOf(broker), quietLog);
  await untilTaken(orderLog);
  const kafka = new Kafka({ brokers: [broker], clientId: 'bench', logLevel: logLevel.NOTHING });
  const producer = kafka.producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    ...{ allowAutoTopicCreation: false, idempotent: true, maxInFlightRequests: 1 },
  });
  await producer.connect();
  return {
    orderLog,
    async produce(messages, size) {
      for (let at = 0; at < messages.length; at += size) {
        const batch = messages.slice(at, at + size);
        await producer.send({ topic: TOPIC, messages: batch, acks: ACKS_ALL });
      }
    },
    async ownProducer({ bytes, count }) {
      const java = await javaWithKafka(HEAP);
      const args = [
        ...[...java.options, 'org.apache.kafka.tools.ProducerPerformance', '--topic', TOPIC],
        ...['--num-records', String(count), '--record-size', String(bytes), '--throughput', '-1'],
        ...['--producer-props', `bootstrap.servers=${broker}`, 'acks=all'],
      ];
      const said = await run(java.command, args);
      const rates = [...said.matchAll(/([\d.]+) records\/sec/g)].map(([, rate]) => Number(rate));
      const total = rates.at(-1);
      if (total === undefined) throw new Error(`the producer benchmark said: ${said}`);
      return total;
    },
    async close() {
      await producer.disconnect();
      await orderLog.close();
      await server.stop();
    },
  };
}

/** The first append makes the topics, whose leaders are not elected at once. */
async function untilTaken(orderLog: OrderLog): Promise<void> {
  const deadline = performance.now() + READY_WITHIN_MS;
  for (;;) {
    try {
      await orderLog.append([{ event: { ...FIRST, at: Date.now() } }]);
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
  }
}

const settingsOf = (broker: string): KafkaSettings => ({
  brokers: [broker],
  ...{ clientId: 'bench-relay', group: 'bench', replicationFactor: 1 },
  orders: { name: TOPIC, partitions: PARTITIONS, retentionMs: DAY_MS },
  deadLetters: { name: `${TOPIC}-dlq`, partitions: 1, retentionMs: DAY_MS },
});
