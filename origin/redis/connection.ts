import { Redis } from 'ioredis';

export interface RedisConnection {
  readonly host: string;
  readonly port: number;
  /** Shown by CLIENT LIST, so that an operator sees whose connection it is. */
  readonly name: string;
  /** After this long a call is rejected; whether Redis ran it is then unknown. */
  readonly commandTimeoutMs: number;
  /**
   * Hears each failed attempt to connect. Optional, for nothing is lost without it: every call
   * made while Redis is away is rejected by itself.
   */
  readonly onError?: (error: Error) => void;
}

const CONNECT_TIMEOUT_MS = 1_000;
const DISCONNECT_TIMEOUT_MS = 250;
const KEEP_ALIVE_MS = 10_000;
const LOADING_RETRY_MS = 1_000;
const BACKOFF_MS = { least: 50, most: 1_000 };
// A server that owes answers for this many command timeouts is a dead peer, not a slow one.
const SILENT_TIMEOUTS_BEFORE_RECONNECT = 3;

/**
 * Opens a connection that fails at once and heals by itself: a call made while Redis is away is
 * rejected, a call in flight when the connection breaks is rejected, and neither is ever queued
 * or sent again behind the caller's back (a reservation repeated on a Redis that came back with
 * other data would sell a unit twice). Reconnecting goes on for ever, every 50 to 1000 ms.
 *
 * Replies have their RESP2 shapes. Calls made before the first `ready` are rejected: wait with
 * `untilReady`.
 */
export function connectRedis(connection: RedisConnection): Redis {
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
  return redis;
}

/** Resolves once calls can be made; rejects when that takes longer than `timeoutMs`. */
export async function untilReady(redis: Redis, timeoutMs: number): Promise<void> {
  if (redis.status === 'ready') return;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const deadline = setTimeout(() => {
    reject(new Error(`Redis was not ready within ${timeoutMs} ms (${redis.status})`));
  }, timeoutMs);
  const ready = () => resolve();
  redis.once('ready', ready);
  try {
    await promise;
  } finally {
    clearTimeout(deadline);
    redis.off('ready', ready);
  }
}

/** Doubles from 50 ms to one second, the upper half at random so that clients spread out. */
function reconnectDelayMs(attempt: number): number {
  const ceiling = Math.min(BACKOFF_MS.most, BACKOFF_MS.least * 2 ** (attempt - 1));
  return Math.max(BACKOFF_MS.least, Math.round(ceiling * (0.5 + Math.random() / 2)));
}
