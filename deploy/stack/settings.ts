// The settings that the parts of a stack get: one secret or address here, the same in each part.
import type { Places } from '../local/needs.ts';
import type { Address } from '../local/services/requests.ts';
import type { Secrets } from './secrets.ts';

/** Names in shared services that keep two stacks apart. */
export interface Names {
  ordersTopic?: string;
  dlqTopic?: string;
  consumerGroup?: string;
  etcdPrefix?: string;
}

/** What the full stack has and the embedded one has not. */
export type DurablePlaces = Omit<Places, 'redis'>;

/** Where a stack keeps its orders. */
export type Database =
  | { readonly kind: 'sqlite'; readonly file: string }
  | { readonly kind: 'mysql'; readonly places: DurablePlaces; readonly names?: Names };

/** A Redis server, or one of a cluster. */
export type RedisAt = Address & { readonly isCluster?: boolean };

export interface Wiring {
  readonly secrets: Secrets;
  readonly redis: RedisAt;
  readonly database: Database;
  readonly gatewayUrl?: string;
}

export function originEnv({
  secrets,
  redis,
  database,
  gatewayUrl,
}: Wiring): Record<string, string> {
  return {
    PROFILE: 'local',
    INSTANCE: 'origin-1',
    REDIS_HOST: redis.host,
    REDIS_PORT: String(redis.port),
    ...(redis.isCluster && { REDIS_CLUSTER: 'true' }),
    EDGE_REDIS_HOST: redis.host,
    EDGE_REDIS_PORT: String(redis.port),
    JWT_SECRET: secrets.jwt,
    EDGE_SIGNATURE_KEYS: secrets.edgeSignature,
    RECEIPT_SECRET: secrets.receipt,
    USER_KEY_SECRET: secrets.userKey,
    WEBHOOK_SECRET: secrets.webhook,
    ...(gatewayUrl && { PAYMENT_GATEWAY: gatewayUrl, PAYMENT_GATEWAY_SECRET: secrets.gateway }),
    ...(database.kind === 'sqlite'
      ? { STACK: 'embedded', SQLITE_FILE: database.file }
      : { STACK: 'full', ...fullEnv(database.places, database.names ?? {}) }),
  };
}

function fullEnv({ mysql, kafka, etcd }: DurablePlaces, names: Names): Record<string, string> {
  const { ordersTopic, dlqTopic, consumerGroup, etcdPrefix } = names;
  return {
    MYSQL_HOST: mysql.host,
    MYSQL_PORT: String(mysql.port),
    MYSQL_USER: mysql.user,
    MYSQL_PASSWORD: mysql.password,
    MYSQL_DATABASE: mysql.database,
    KAFKA_BOOTSTRAP_SERVERS: kafka.bootstrap,
    ETCD_ENDPOINTS: etcd.endpoints,
    ...(ordersTopic && { KAFKA_ORDERS_TOPIC: ordersTopic }),
    ...(dlqTopic && { KAFKA_DLQ_TOPIC: dlqTopic }),
    ...(consumerGroup && { KAFKA_CONSUMER_GROUP: consumerGroup }),
    ...(etcdPrefix && { ETCD_PREFIX: etcdPrefix }),
  };
}

export function edgeVars(wiring: {
  secrets: Secrets;
  bridgeUrl: string;
  originUrl: string;
}): Record<string, string> {
  const { secrets, bridgeUrl, originUrl } = wiring;
  return {
    PROFILE: 'local',
    JWT_SECRET: secrets.jwt,
    REDIS_REST_URL: bridgeUrl,
    REDIS_REST_TOKEN: secrets.bridge,
    ORIGIN_FALLBACK: originUrl,
    ORIGIN_SUFFIX: '127.0.0.1',
    EDGE_SIGNATURE_KEY: secrets.edgeSignature,
    TICKET_SECRET: secrets.ticket,
    USER_KEY_SECRET: secrets.userKey,
    DEVICE_SECRET: secrets.device,
  };
}
