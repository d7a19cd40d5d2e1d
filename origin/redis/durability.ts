// How sure an answer is before it is given: `everysec` and `always` are the server's own doing (its
// append-only file); with `wait:n` an answer also waits until n replicas have what it tells of.
import { inventoryKeys } from '../../shared/keys.ts';
import type { Redis } from './client.ts';
import { connectRedis } from './connection.ts';
import { nodeOf } from './nodes.ts';

export interface DurabilityDemand {
  readonly appendfsync: 'everysec' | 'always';
  /** Replicas that must have confirmed before an answer is given. */
  readonly replicas: number;
}

export interface Durability {
  /**
   * Whether everything that the server of this SKU has answered so far, to anyone, is as durable as
   * demanded. False when too few replicas confirm within 250 ms, or Redis does not answer.
   */
  isDurable(skuId: string): Promise<boolean>;
  close(): void;
}

/** Reads `everysec`, `always` or `wait:n`; the last demands `always` of the server as well. */
export function parseDurability(text: string): DurabilityDemand {
  const replicas = Number(/^wait:([1-9])$/.exec(text)?.[1] ?? 0);
  return { appendfsync: text === 'everysec' ? 'everysec' : 'always', replicas };
}

/** Of one server: the mark under way, and the one that waits behind it. */
interface Queue {
  next: Promise<boolean> | undefined;
  last: Promise<boolean>;
}

const WAIT_MS = 250;
const COMMAND_TIMEOUT_MS = 1_000;
const MARK_LIFETIME_MS = 60_000;

/** What the append-only file alone promises. */
export const serverDurability: Durability = {
  isDurable: () => Promise.resolve(true),
  close: () => undefined,
};

export function createDurability(
  { replicas }: DurabilityDemand,
  options: {
    readonly host: string;
    readonly port: number;
    readonly isCluster?: boolean;
    readonly name: string;
    readonly onError: (error: unknown) => void;
  },
): Durability {
  if (replicas === 0) return serverDurability;
  // A connection of its own: WAIT holds up whatever comes behind it.
  const redis = connectRedis({ ...options, commandTimeoutMs: COMMAND_TIMEOUT_MS });
  const queues = new WeakMap<Redis, Queue>();

  /** Replication is one stream: who has this mark has everything that was written before it. */
  async function confirm(node: Redis, mark: string): Promise<boolean> {
    try {
      // Together, for each is rejected by itself when the connection breaks.
      const [, confirmed] = await Promise.all([
        node.set(mark, '1', 'PX', MARK_LIFETIME_MS),
        node.wait(replicas, WAIT_MS),
      ]);
      return confirmed >= replicas;
    } catch (error) {
      options.onError(error);
      return false;
    }
  }
  return {
    async isDurable(skuId) {
      const mark = inventoryKeys.replicated(skuId);
      const node = nodeOf(redis, mark);
      if (node === undefined) return false;
      const queue = queues.get(node) ?? { next: undefined, last: Promise.resolve(true) };
      queues.set(node, queue);
      // One mark serves everybody who asks while the one before is under way.
      if (queue.next === undefined) {
        queue.next = queue.last.then(() => {
          queue.next = undefined;
          return confirm(node, mark);
        });
        queue.last = queue.next;
      }
      return await queue.next;
    },
    close: () => redis.disconnect(),
  };
}
