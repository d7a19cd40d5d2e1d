// The floor of terms in etcd: `<prefix>terms`. Revisions are counted from 1 again by an etcd that has
// lost its data, so each of its lives has a floor above all terms of the life before.
import { pauseFor } from '../backoff.ts';
import type { EtcdClient } from '../etcd/client.ts';
import type { Log } from '../log.ts';

export interface TermFloorOptions {
  readonly client: EtcdClient;
  readonly key: string;
  readonly leaseSeconds: number;
  /** A number that grows with each call and outlives etcd: the database counts it. */
  readonly nextLife: () => Promise<number>;
  readonly log: Log;
}

export interface TermFloor {
  /**
   * Resolves when the floor stands or the signal aborts. Rejects when etcd is away, or where a life
   * begins and the database is away. Safe to repeat.
   */
  ensure(signal: AbortSignal): Promise<void>;
}

const LOOK_EVERY_MS = 250;
const NEVER_CREATED = 0;
/** More than the revisions of any etcd; thousands of lives fit into a whole number. */
const TERMS_OF_A_LIFE = 1e12;
const FLOOR = /^\d{1,16}$/;

export function createTermFloor(options: TermFloorOptions): TermFloor {
  const { client, key, log } = options;
  const leaseMs = options.leaseSeconds * 1_000;
  let beginning: Promise<void> | undefined;

  async function stands(): Promise<boolean> {
    return (await client.get(key).serializable(true).string()) !== null;
  }

  /**
   * An etcd without a floor is new, or has lost its data: a life of its own begins, once the leaders
   * of the life before it must have ended, whose leases this one does not know.
   */
  async function begin(signal: AbortSignal): Promise<void> {
    const formerLives = (await options.nextLife()) - 1;
    const endsAt = performance.now() + (formerLives > 0 ? leaseMs : 0);
    while (performance.now() < endsAt) {
      await pauseFor(LOOK_EVERY_MS, signal);
      if (signal.aborted || (await stands())) return;
    }
    const floor = formerLives * TERMS_OF_A_LIFE;
    const { succeeded } = await client
      .if(key, 'Create', '==', NEVER_CREATED)
      .then(client.put(key).value(String(floor)))
      .commit();
    if (succeeded) log.warn({ floor }, 'etcd was new or empty: terms are counted from here');
  }

  return {
    async ensure(signal) {
      if (await stands()) return;
      // All jobs of this instance begin one life together.
      beginning ??= begin(signal).finally(() => {
        beginning = undefined;
      });
      await beginning;
    },
  };
}

export function parseFloor(text = ''): number {
  if (!FLOOR.test(text)) throw new Error(`the floor of terms in etcd is "${text.slice(0, 40)}"`);
  return Number(text);
}
