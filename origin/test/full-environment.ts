// The environment of an origin on the full stack, under names of its own in the run's services.
import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import type { Database } from '../../deploy/local/services/database.ts';

/** Besides what names Redis, secrets and ports. */
export function fullEnvironment(mysql: Database): Record<string, string> {
  const { kafka, etcd } = inject('services');
  const id = randomUUID();
  return {
    ...{ STACK: 'full', DRAIN_SECONDS: '0', MYSQL_HOST: mysql.host, MYSQL_USER: mysql.user },
    ...{ MYSQL_PORT: String(mysql.port), MYSQL_PASSWORD: mysql.password },
    ...{ MYSQL_DATABASE: mysql.database, KAFKA_BOOTSTRAP_SERVERS: kafka.bootstrap },
    ...{ KAFKA_ORDERS_TOPIC: `orders-${id}`, KAFKA_ORDERS_PARTITIONS: '4' },
    ...{ KAFKA_DLQ_TOPIC: `dlq-${id}`, KAFKA_DLQ_PARTITIONS: '1' },
    ...{ KAFKA_CONSUMER_GROUP: `writer-${id}`, KAFKA_REPLICATION_FACTOR: '1' },
    ...{ ETCD_ENDPOINTS: etcd.endpoints, ETCD_PREFIX: `/test-${id}/` },
  };
}
