// A connection to the inventory Redis that knows which server it speaks to. A Redis that restarted
// or was replaced has another run id, and equal sequence numbers prove nothing: whoever uses this
// compares `runId()` with the one that the open epoch was opened for, before each call.
import type { Redis } from 'ioredis';
import { connectRedis, type RedisConnection, untilReady } from './connection.ts';

export interface InventoryLink {
  readonly redis: Redis;
  /** The run id of the connected server; undefined while away or not yet asked. */
  runId(): string | undefined;
  close(): void;
}

const READY_TIMEOUT_MS = 10_000;

/** Connects and resolves once the server's run id is known; rejects when that takes 10 s. */
export async function connectInventory(connection: RedisConnection): Promise<InventoryLink> {
  const redis = connectRedis(connection);
  let runId: string | undefined;
  let generation = 0;
  const known = Promise.withResolvers<void>();

  async function ask(): Promise<void> {
    const asked = generation;
    const found = parseRunId(await redis.info('server'));
    if (asked !== generation) return;
    runId = found;
    known.resolve();
  }
  redis.on('close', () => {
    generation += 1;
    runId = undefined;
  });
  redis.on('ready', () => void ask().catch(() => redis.disconnect(true)));

  try {
    await untilReady(redis, READY_TIMEOUT_MS);
    if (runId === undefined) await Promise.race([known.promise, ask()]);
  } catch (error) {
    redis.disconnect();
    throw error;
  }
  return { redis, runId: () => runId, close: () => redis.disconnect() };
}

function parseRunId(info: string): string {
  const runId = /^run_id:(\w+)/m.exec(info)?.[1];
  if (runId === undefined) throw new Error('Redis does not tell its run id');
  return runId;
}
