// One election per job: the key `<prefix>leader/<job>` is created by whoever finds it missing and
// lives as long as its creator's lease. The term is the key's create revision, which etcd never
// gives out twice, above the floor of etcd's present life: one that has lost its data counts its
// revisions from 1 again.

import { pauseFor } from '../backoff.ts';
import { type EtcdClient, etcdClient } from '../etcd/client.ts';
import { holdLease } from '../etcd/held-lease.ts';
import { InfrastructureError } from '../infrastructure-error.ts';
import type { Log } from '../log.ts';
import { createLeadership, type Won } from './campaigns.ts';
import type { Job, Leadership } from './leadership.ts';
import { createTermFloor, parseFloor } from './term-floor.ts';

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

export function createEtcdLeadership(options: EtcdLeadershipOptions): Leadership {
  const { prefix, leaseSeconds, instance, log } = options;
  const client = etcdClient(options.endpoints);
  const floorKey = `${prefix}terms`;
  const floor = createTermFloor({ ...options, client, key: floorKey });

  /** The lead, or undefined when another instance has it. */
  async function tryToWin(job: Job, signal: AbortSignal): Promise<Won | undefined> {
    const key = `${prefix}leader/${job}`;
    const found = await client.get(key).serializable(true).exec();
    if (found.kvs.length > 0) return undefined;
    await floor.ensure(signal);
    if (signal.aborted) return undefined;
    const lease = await holdLease(client, leaseSeconds, log);
    try {
      const { succeeded, header, responses } = await client
        .if(key, 'Create', '==', NEVER_CREATED)
        .and(floorKey, 'Create', '>', NEVER_CREATED)
        .then(client.put(key).value(instance).lease(lease.id), client.get(floorKey))
        .commit();
      if (succeeded) {
        const { revision } = header;
        const base = parseFloor(responses[1]?.response_range?.kvs[0]?.value.toString());
        const gone = new AbortController();
        const lost = AbortSignal.any([lease.lost, gone.signal]);
        void watchOwn({ client, log }, { key, revision, held: lease.lost }, gone);
        return { term: base + Number(revision), lost, resign: lease.release };
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
          const won = await tryToWin(job, signal);
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

/** Aborts `gone` where another has the key, or nobody: an operator's hand, or an emptied etcd. */
async function watchOwn(
  { client, log }: { readonly client: EtcdClient; readonly log: Log },
  { key, revision, held }: { key: string; revision: string; held: AbortSignal },
  gone: AbortController,
): Promise<void> {
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
