// A connection to one Redis server: the only place where the client library is told how to behave.
import { Redis } from 'ioredis';

export interface RedisConnection {
  /** Of a cluster: where to ask first, several separated by commas, each with its own `:port` if any. */
  readonly host: string;
  readonly port: number;
  /** The servers of a Redis Cluster, each call at the one that holds its key. */
  readonly isCluster?: boolean;
  /** Shown by CLIENT LIST, so that an operator sees whose connection it is. */
  readonly name: string;
  /** After this long a call is rejected; whether Redis ran it is then unknown. */
  readonly commandTimeoutMs: number;
  /**
   * Hears each failed attempt to connect. Optional, for nothing is lost without it: every call
   * made while Redis is away is rejected by itself.
   */
  readonly onError?: (error: Error) => void;
  /** Gets each server's connection before it is up: the only one, or those of the cluster. */
  readonly onNode?: (node: Redis) => void;
}

const CONNECT_TIMEOUT_MS = 1_000;
const DISCONNECT_TIMEOUT_MS = 250;
const KEEP_ALIVE_MS = 10_000;
const LOADING_RETRY_MS = 1_000;
const BACKOFF_MS = { least: 50, most: 1_000 };
// A server that owes answers for this many command timeouts is a dead peer, not a slow one.
const SILENT_TIMEOUTS_BEFORE_RECONNECT = 3;

export function connectNode(connection: RedisConnection): Redis {
  const redis = new Redis({
    host: connection.host,
    port: connection.port,
    connectionName: connection.name,
    protocol: 2,
    commandTimeout: connection.commandTimeoutMs,
    socketTimeout: connection.commandTimeoutMs * SILENT_TIMEOUTS_BEFORE_RECONNECT,
    connectTimeout: CONNECT_TIMEOUT_MS,
    // A process that ends waits this long for a peer that is not there.
    disconnectTimeout: DISCONNECT_TIMEOUT_MS,
    keepAlive: KEEP_ALIVE_MS,
    noDelay: true,
    lazyConnect: false,
    enableReadyCheck: true,
    maxLoadingRetryTime: LOADING_RETRY_MS,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    // 0 rejects what was in flight as soon as the connection closes; null would leave those
    // calls without an answer, because nothing is resent.
    maxRetriesPerRequest: 0,
    enableAutoPipelining: false,
    reconnectOnError: null,
    retryStrategy: reconnectDelayMs,
  });
  redis.on('error', (error: Error) => connection.onError?.(error));
  connection.onNode?.(redis);
  return redis;
}

/** Doubles from 50 ms to one second, the upper half at random so that clients spread out. */
function reconnectDelayMs(attempt: number): number {
  const ceiling = Math.min(BACKOFF_MS.most, BACKOFF_MS.least * 2 ** (attempt - 1));
  return Math.max(BACKOFF_MS.least, Math.round(ceiling * (0.5 + Math.random() / 2)));
}
