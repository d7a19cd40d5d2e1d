// One election per job: the key `<prefix>leader/<job>` is created by whoever finds it missing and
// lives as long as its creator's lease. The term is the key's create revision, which etcd never
// gives out twice, above the floor of etcd's present life: one that has lost its data counts its
// revisions from 1 again.

import { pauseFor } from '../backoff.ts';
import { etcdClient } from '../etcd/client.ts';
import { holdLease } from '../etcd/held-lease.ts';
import { InfrastructureError } from '../infrastructure-error.ts';
import type { Log } from '../log.ts';
import { createLeadership, type Won } from './campaigns.ts';
import type { Job, Leadership } from './leadership.ts';

export interface EtcdLeadershipOptions {
  readonly endpoints: readonly string[];
  /** Of all keys of the system, e.g. `/flash-sale/`. */
  readonly prefix: string;
  readonly leaseSeconds: number;
  /** This instance's name: what the key says to people. */
  readonly instance: string;
  /** A number that grows with each call and outlives etcd: the database counts it. */
  readonly nextLife: () => Promise<number>;
  readonly log: Log;
}

/** A successor looks this often whether the key is gone. */
const LOOK_EVERY_MS = 250;
const NEVER_CREATED = 0;
/** A leader looks this often whether the key is its own. */
const LOOK_AT_OWN_MS = 1_000;
/** More than the revisions of any etcd; thousands of lives fit into a whole number. */
const TERMS_OF_A_LIFE = 1e12;
const FLOOR = /^\d{1,16}$/;

export function createEtcdLeadership(options: EtcdLeadershipOptions): Leadership {
  const { prefix, leaseSeconds, instance, log } = options;
  const client = etcdClient(options.endpoints);
  const floorKey = `${prefix}terms`;

  /** An etcd without a floor is new, or has lost its data: a life of its own begins. */
  async function ensureFloor(): Promise<void> {
    if ((await client.get(floorKey).serializable(true).string()) !== null) return;
    const floor = ((await options.nextLife()) - 1) * TERMS_OF_A_LIFE;
    const { succeeded } = await client
      .if(floorKey, 'Create', '==', NEVER_CREATED)
      .then(client.put(floorKey).value(String(floor)))
      .commit();
    if (succeeded) log.warn({ floor }, 'etcd was new or empty: terms are counted from here');
  }

  /** Aborts `gone` where another has the key, or nobody: an operator's hand, or an emptied etcd. */
  async function watchOwn(key: string, revision: string, gone: AbortController, held: AbortSignal) {
    while (!held.aborted && !gone.signal.aborted) {
      await pauseFor(LOOK_AT_OWN_MS, held);
      if (held.aborted) return;
      try {
        const [own] = (await client.get(key).exec()).kvs;
        if (own?.create_revision !== revision) gone.abort();
      } catch (error) {
        // The lease knows until when it surely holds.
        log.debug({ err: error, key }, 'a leader could not look at its key');
      }
    }
  }

  /** The lead, or undefined when another instance has it. */
  async function tryToWin(job: Job): Promise<Won | undefined> {
    const key = `${prefix}leader/${job}`;
    const found = await client.get(key).serializable(true).exec();
    if (found.kvs.length > 0) return undefined;
    await ensureFloor();
    const lease = await holdLease(client, leaseSeconds, log);
    try {
      const { succeeded, header, responses } = await client
        .if(key, 'Create', '==', NEVER_CREATED)
        .and(floorKey, 'Create', '>', NEVER_CREATED)
        .then(client.put(key).value(instance).lease(lease.id), client.get(floorKey))
        .commit();
      if (succeeded) {
        const { revision } = header;
        const floor = parseFloor(responses[1]?.response_range?.kvs[0]?.value.toString());
        const gone = new AbortController();
        const lost = AbortSignal.any([lease.lost, gone.signal]);
        void watchOwn(key, revision, gone, lease.lost);
        return { term: floor + Number(revision), lost, resign: lease.release };
      }
    } catch (error) {
      // The key may have been created all the same; it goes with the lease.
      await lease.release();
      throw error;
    }
    await lease.release();
    return undefined;
  }

  return createLeadership(
    {
      async win(job, signal) {
        while (!signal.aborted) {
          const won = await tryToWin(job);
          if (won !== undefined) return won;
          await pauseFor(LOOK_EVERY_MS, signal);
        }
        return undefined;
      },
      async ping() {
        try {
          await client.get(`${prefix}leader`).exec();
        } catch (cause) {
          throw new InfrastructureError('leadership-away', 'etcd does not answer', { cause });
        }
      },
      async close() {
        client.close();
      },
    },
    log,
  );
}

function parseFloor(text = ''): number {
  if (!FLOOR.test(text)) throw new Error(`the floor of terms in etcd is "${text.slice(0, 40)}"`);
  return Number(text);
}
