// The asynchronous half of a purchase: outbox → relay → order log → batch writer → database.
// On the embedded stack the order log is the writer itself; on the full stack Kafka stands between.

import type { ActivityRegistry } from './activities/registry.ts';
import type { Metrics } from './actuator/metrics.ts';
import type { OriginConfig } from './config.ts';
import type { Dependencies } from './dependencies.ts';
import type { Inventory } from './inventory/inventory.ts';
import type { Log } from './log.ts';
import { createEmbeddedOrderLog } from './order-log/embedded/embedded-order-log.ts';
import type { OrderLog } from './order-log/order-log.ts';
import type { OutboxLane } from './outbox/entry.ts';
import { createOutboxMetrics } from './outbox/metrics.ts';
import { runRelay } from './outbox/relay.ts';
import { inventoryPlace } from './redis/place.ts';
import type { LiveSettings } from './settings/live-settings.ts';
import { type BatchWriter, createBatchWriter } from './writer/batch-writer.ts';
import { withDedup } from './writer/dedup.ts';
import { withGuard } from './writer/guard.ts';
import { markPersisted } from './writer/mark-persisted.ts';

export interface Pipeline {
  readonly orderLog: OrderLog;
  /** Records known to this instance that are not in the database yet. */
  lag(): number;
  /** Finishes what is under way and stops; call after leadership was given up. */
  close(): Promise<void>;
}

export interface PipelineOptions {
  readonly inventory: Pick<Inventory, 'void'>;
  readonly config: OriginConfig;
  readonly dependencies: Dependencies;
  readonly registry: ActivityRegistry;
  readonly settings: Pick<LiveSettings, 'current'>;
  readonly metrics: Metrics;
  readonly log: Log;
}

export async function startPipeline(options: PipelineOptions): Promise<Pipeline> {
  const { config } = options;
  const writer = createWriter(options);
  const pipeline =
    config.STACK === 'embedded' ? embedded(options, writer) : await full(options, writer);
  if (config.ROLES.includes('relay')) campaignForRelay(options, pipeline.orderLog);
  return pipeline;
}

function createWriter(options: PipelineOptions): BatchWriter {
  const { dependencies, registry, metrics, log, inventory } = options;
  const { store, link } = dependencies;
  const guarded = withGuard((records) => store.applyRecords(records), {
    inventory,
    onFailure(error) {
      metrics.failed('writer');
      log.warn({ err: error }, 'orders above the stock could not be voided');
    },
  });
  const apply = withDedup(guarded, {
    mark: (orderIds) => markPersisted({ link, registry }, orderIds),
    onFailure(error) {
      metrics.failed('dedup');
      log.debug({ err: error }, 'persisted orders could not be marked');
    },
  });
  return createBatchWriter({
    apply,
    onBatch({ rows, seconds, result }) {
      metrics.writerBatch({ rows, seconds });
      metrics.funnel('persisted', result.persisted.length);
      metrics.deadLettered(result.deadLetters);
    },
  });
}

function embedded({ dependencies }: PipelineOptions, writer: BatchWriter): Pipeline {
  const orderLog = createEmbeddedOrderLog({
    write: (records) => writer.write(records),
    ping: () => dependencies.store.ping(),
  });
  return {
    orderLog,
    lag: () => writer.bufferedRows(),
    async close() {
      await orderLog.close();
      await writer.close();
    },
  };
}

async function full(options: PipelineOptions, writer: BatchWriter): Promise<Pipeline> {
  const { config, dependencies, log } = options;
  // The embedded stack starts without the client libraries of the full one.
  const { kafkaSettings } = await import('./order-log/kafka/settings.ts');
  const { createKafkaOrderLog } = await import('./order-log/kafka/kafka-order-log.ts');
  const settings = kafkaSettings(config);
  const orderLog = createKafkaOrderLog(settings, log);
  if (!config.ROLES.includes('writer')) {
    return {
      orderLog,
      lag: () => 0,
      async close() {
        await Promise.all([orderLog.close(), writer.close()]);
      },
    };
  }
  const { startKafkaConsumer } = await import('./order-log/kafka/consumer.ts');
  const { copyDeadLetters } = await import('./order-log/kafka/dead-letter-copies.ts');
  const closing = new AbortController();
  const consumer = startKafkaConsumer({ settings, write: (records) => writer.write(records), log });
  const copies = copyDeadLetters({
    settings,
    store: dependencies.store,
    log,
    signal: closing.signal,
  });
  return {
    orderLog,
    lag: () => consumer.lag(),
    async close() {
      closing.abort();
      await Promise.all([consumer.close(), copies]);
      await orderLog.close();
      await writer.close();
    },
  };
}

function campaignForRelay(options: PipelineOptions, orderLog: OrderLog): void {
  const { config, dependencies, registry, settings, metrics, log } = options;
  const outboxMetrics = createOutboxMetrics(metrics.registry);
  dependencies.leadership.campaign('relay', ({ signal }) =>
    runRelay({
      signal,
      redis: inventoryPlace(config),
      lanes: () => lanesOf(registry),
      orderLog,
      isLoaded: async (activityId) =>
        (await dependencies.store.findActivity(activityId))?.state === 'LOADED',
      batchMax: () => settings.current().relayBatchMax,
      log,
      observe: {
        relayed: ({ events }) => metrics.relayed(events),
        failed: () => metrics.failed('relay'),
        malformed: (_skuId, step) => outboxMetrics.malformed(step),
      },
    }),
  );
}

function lanesOf(registry: ActivityRegistry): OutboxLane[] {
  return registry
    .all()
    .filter(({ state }) => state === 'LOADED')
    .map(({ skuId, activityId, currency }) => ({ skuId, activityId, currency }));
}
