// A connection to the inventory Redis that knows which server it speaks to. A Redis that restarted
// or was replaced has another run id, and equal sequence numbers prove nothing: whoever uses this
// compares `runId(skuId)` with the one that the open epoch was opened for, before each call. In a
// cluster that is the server that holds the SKU's keys.
import type { Redis } from 'ioredis';
import { inventoryKeys } from '../../shared/keys.ts';
import { connectRedis, type RedisConnection, untilReady } from './connection.ts';
import { nodeOf, nodesOf } from './nodes.ts';

export interface InventoryLink {
  readonly redis: Redis;
  /** The run id of the server of this SKU's keys; undefined while away or not yet asked. */
  runId(skuId: string): string | undefined;
  close(): void;
}

const READY_TIMEOUT_MS = 10_000;

/** Connects and resolves once each server's run id is known; rejects when that takes 10 s. */
export async function connectInventory(connection: RedisConnection): Promise<InventoryLink> {
  const runIds = new WeakMap<Redis, RunId>();
  const redis = connectRedis({
    ...connection,
    onNode: (node) => void runIds.set(node, followRunId(node)),
  });
  try {
    const deadline = AbortSignal.timeout(READY_TIMEOUT_MS);
    await untilReady(redis, READY_TIMEOUT_MS);
    const ready = nodesOf(redis).filter(({ status }) => status === 'ready');
    await before(deadline, Promise.all(ready.map((node) => runIds.get(node)?.isKnown)));
  } catch (error) {
    redis.disconnect();
    throw error;
  }
  return {
    redis,
    runId(skuId) {
      const node = nodeOf(redis, inventoryKeys.activity(skuId));
      return node && runIds.get(node)?.current();
    },
    close: () => redis.disconnect(),
  };
}

async function before(deadline: AbortSignal, work: Promise<unknown>): Promise<void> {
  const late = Promise.withResolvers<never>();
  const reject = () => late.reject(new Error('Redis did not tell its run id in time'));
  deadline.addEventListener('abort', reject);
  try {
    await Promise.race([work, late.promise]);
  } finally {
    deadline.removeEventListener('abort', reject);
  }
}

interface RunId {
  readonly isKnown: Promise<void>;
  current(): string | undefined;
}

/** Asks a server who it is each time that it is connected anew. */
function followRunId(node: Redis): RunId {
  let runId: string | undefined;
  let generation = 0;
  const known = Promise.withResolvers<void>();

  async function ask(): Promise<void> {
    const asked = generation;
    const found = parseRunId(await node.info('server'));
    if (asked !== generation) return;
    runId = found;
    known.resolve();
  }
  node.on('close', () => {
    generation += 1;
    runId = undefined;
  });
  node.on('ready', () => void ask().catch(() => node.disconnect(true)));
  return { isKnown: known.promise, current: () => runId };
}

function parseRunId(info: string): string {
  const runId = /^run_id:(\w+)/m.exec(info)?.[1];
  if (runId === undefined) throw new Error('Redis does not tell its run id');
  return runId;
}
