// The two order logs, each with the database behind it and everything real.
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import { createDatabase, type Database } from '../../../deploy/local/services/database.ts';
import { createEmbeddedOrderLog } from '../../order-log/embedded/embedded-order-log.ts';
import { startKafkaConsumer } from '../../order-log/kafka/consumer.ts';
import { createKafkaOrderLog } from '../../order-log/kafka/kafka-order-log.ts';
import type { KafkaSettings } from '../../order-log/kafka/settings.ts';
import type { OrderLog } from '../../order-log/order-log.ts';
import { migrate } from '../../store/migrate.ts';
import { openStore } from '../../store/open-store.ts';
import type { Store } from '../../store/store.ts';
import type { StoreTarget } from '../../store/target.ts';
import { createBatchWriter } from '../../writer/batch-writer.ts';
import { quietLog } from '../quiet-log.ts';

export interface Stack {
  readonly store: Store;
  readonly orderLog: OrderLog;
  close(): Promise<void>;
}

const DAY_MS = 86_400_000;

export async function startEmbeddedStack(): Promise<Stack> {
  const dir = join(inject('scratchDir'), 'order-log');
  mkdirSync(dir, { recursive: true });
  const store = await openStore({ kind: 'sqlite', file: join(dir, `${randomUUID()}.sqlite`) });
  const writer = createBatchWriter({ apply: store.applyRecords });
  const orderLog = createEmbeddedOrderLog({ write: writer.write, ping: () => store.ping() });
  return {
    store,
    orderLog,
    async close() {
      await orderLog.close();
      await writer.close();
      await store.close();
    },
  };
}

export interface FullStack extends Stack {
  readonly settings: KafkaSettings;
  lag(): number;
  /** How often the database could not be written to. */
  refusedWrites(): number;
}

/** On the services of the run, or on a test's own. */
export async function startFullStack(own: { bootstrap?: string; mysql?: Database } = {}) {
  const services = inject('services');
  const mysql = own.mysql ?? services.mysql;
  const target: StoreTarget = { ...mysql, kind: 'mysql', database: await createDatabase(mysql) };
  await migrate(target);
  const store = await openStore(target);
  const settings = ownSettings(own.bootstrap ?? services.kafka.bootstrap);
  let refusedWrites = 0;
  const writer = createBatchWriter({
    apply: async (records) => {
      try {
        return await store.applyRecords(records);
      } catch (error) {
        refusedWrites += 1;
        throw error;
      }
    },
  });
  const consumer = startKafkaConsumer({ settings, write: writer.write, log: quietLog });
  const orderLog = createKafkaOrderLog(settings, quietLog);
  const stack: FullStack = {
    store,
    orderLog,
    settings,
    lag: consumer.lag,
    refusedWrites: () => refusedWrites,
    async close() {
      await orderLog.close();
      await consumer.close();
      await writer.close();
      await store.close();
    },
  };
  return stack;
}

/** Topics and a group of this test's own. */
export function ownSettings(bootstrap: string): KafkaSettings {
  const id = randomUUID();
  return {
    brokers: [bootstrap],
    clientId: 'order-log-test',
    group: `writer-${id}`,
    replicationFactor: 1,
    orders: { name: `orders-${id}`, partitions: 4, retentionMs: 7 * DAY_MS },
    deadLetters: { name: `dlq-${id}`, partitions: 2, retentionMs: 30 * DAY_MS },
  };
}
