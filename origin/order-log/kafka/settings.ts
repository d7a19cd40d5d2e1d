import type { OriginConfig } from '../../config.ts';

export interface TopicSettings {
  readonly name: string;
  readonly partitions: number;
  readonly retentionMs: number;
}

export interface KafkaSettings {
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly group: string;
  readonly replicationFactor: number;
  readonly orders: TopicSettings;
  readonly deadLetters: TopicSettings;
}

const DAY_MS = 86_400_000;

export function kafkaSettings(config: OriginConfig): KafkaSettings {
  return {
    brokers: config.KAFKA_BOOTSTRAP_SERVERS.split(',').map((broker) => broker.trim()),
    clientId: config.INSTANCE,
    group: config.KAFKA_CONSUMER_GROUP,
    replicationFactor: config.KAFKA_REPLICATION_FACTOR,
    orders: {
      name: config.KAFKA_ORDERS_TOPIC,
      partitions: config.KAFKA_ORDERS_PARTITIONS,
      retentionMs: 7 * DAY_MS,
    },
    deadLetters: {
      name: config.KAFKA_DLQ_TOPIC,
      partitions: config.KAFKA_DLQ_PARTITIONS,
      retentionMs: 30 * DAY_MS,
    },
  };
}
