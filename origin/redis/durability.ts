// How sure an answer is before it is given: `everysec` and `always` are the server's own doing (its
// append-only file); with `wait:n` an answer also waits until n replicas have what it tells of.
import { inventoryKeys } from '../../shared/keys.ts';
import { connectRedis } from './connection.ts';

export interface DurabilityDemand {
  readonly appendfsync: 'everysec' | 'always';
  /** Replicas that must have confirmed before an answer is given. */
  readonly replicas: number;
}

export interface Durability {
  /**
   * Whether everything that Redis has answered so far, to anyone, is as durable as demanded. False
   * when too few replicas confirm within 250 ms, or Redis does not answer.
   */
  isDurable(): Promise<boolean>;
  close(): void;
}

/** Reads `everysec`, `always` or `wait:n`; the last demands `always` of the server as well. */
export function parseDurability(text: string): DurabilityDemand {
  const replicas = Number(/^wait:([1-9])$/.exec(text)?.[1] ?? 0);
  return { appendfsync: text === 'everysec' ? 'everysec' : 'always', replicas };
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
    readonly name: string;
    readonly onError: (error: unknown) => void;
  },
): Durability {
  if (replicas === 0) return serverDurability;
  // A connection of its own: WAIT holds up whatever comes behind it.
  const redis = connectRedis({ ...options, commandTimeoutMs: COMMAND_TIMEOUT_MS });
  let next: Promise<boolean> | undefined;
  let last: Promise<boolean> = Promise.resolve(true);

  /** Replication is one stream: who has this mark has everything that was written before it. */
  async function confirm(): Promise<boolean> {
    next = undefined;
    try {
      // Together, for each is rejected by itself when the connection breaks.
      const [, confirmed] = await Promise.all([
        redis.set(inventoryKeys.replicated, '1', 'PX', MARK_LIFETIME_MS),
        redis.wait(replicas, WAIT_MS),
      ]);
      return confirmed >= replicas;
    } catch (error) {
      options.onError(error);
      return false;
    }
  }
  return {
    isDurable() {
      // One mark serves everybody who asks while the one before is under way.
      if (next === undefined) {
        next = last.then(confirm);
        last = next;
      }
      return next;
    },
    close: () => redis.disconnect(),
  };
}
