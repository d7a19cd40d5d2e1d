// One election per job: the key `<prefix>leader/<job>` is created by whoever finds it missing and
// lives as long as its creator's lease. The term is the key's create revision, which etcd never
// gives out twice.

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
  readonly log: Log;
}

/** A successor looks this often whether the key is gone. */
const LOOK_EVERY_MS = 250;
const NEVER_CREATED = 0;

export function createEtcdLeadership(options: EtcdLeadershipOptions): Leadership {
  const { prefix, leaseSeconds, instance, log } = options;
  const client = etcdClient(options.endpoints);

  /** The lead, or undefined when another instance has it. */
  async function tryToWin(job: Job): Promise<Won | undefined> {
    const key = `${prefix}leader/${job}`;
    const found = await client.get(key).serializable(true).exec();
    if (found.kvs.length > 0) return undefined;
    const lease = await holdLease(client, leaseSeconds, log);
    try {
      const { succeeded, header } = await client
        .if(key, 'Create', '==', NEVER_CREATED)
        .then(client.put(key).value(instance).lease(lease.id))
        .commit();
      if (succeeded) {
        return { term: Number(header.revision), lost: lease.lost, resign: lease.release };
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
