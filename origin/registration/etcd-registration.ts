// Registration in etcd: the key `<prefix>origin/<instance>` under a lease of the instance, written
// anew each second, so that a lister sees who is alive long before a lease runs out.
import * as v from 'valibot';
import { pauseFor } from '../backoff.ts';
import { etcdClient } from '../etcd/client.ts';
import { type HeldLease, holdLease } from '../etcd/held-lease.ts';
import type { Log } from '../log.ts';
import { createOutage } from '../outage.ts';
import {
  type Announcement,
  type OriginRecord,
  RENEW_EVERY_MS,
  type Registration,
  type Sighting,
} from './registration.ts';

export interface EtcdRegistrationOptions {
  readonly endpoints: readonly string[];
  readonly prefix: string;
  readonly leaseSeconds: number;
  readonly log: Log;
}

const recordSchema = v.object({
  instance: v.string(),
  host: v.string(),
  version: v.string(),
  startedAt: v.string(),
  load: v.number(),
  isReady: v.boolean(),
});

export function createEtcdRegistration(options: EtcdRegistrationOptions): Registration {
  const { leaseSeconds, log } = options;
  const prefix = `${options.prefix}origin/`;
  const client = etcdClient(options.endpoints);

  async function keepAnnounced(read: () => OriginRecord, signal: AbortSignal): Promise<void> {
    const outage = createOutage(log, 'the registration of this origin');
    let lease: HeldLease | undefined;
    while (!signal.aborted) {
      try {
        if (lease === undefined || lease.lost.aborted) {
          lease = await holdLease(client, leaseSeconds, log);
        }
        const record = read();
        const key = `${prefix}${record.instance}`;
        await client.put(key).value(JSON.stringify(record)).lease(lease.id);
        outage.ended();
      } catch (error) {
        outage.began(error);
        // An etcd that lost its data does not know the lease any more.
        await lease?.release();
        lease = undefined;
      }
      await pauseFor(RENEW_EVERY_MS, signal);
    }
    await lease?.release();
  }

  return {
    announce(read): Announcement {
      const ending = new AbortController();
      const kept = keepAnnounced(read, ending.signal);
      return {
        withdraw() {
          ending.abort();
          return kept;
        },
      };
    },
    async list() {
      const found = await client.getAll().prefix(prefix).exec();
      return found.kvs.flatMap(({ value, mod_revision }) => {
        const record = parseRecord(value.toString());
        return record === undefined ? [] : [{ record, revision: mod_revision } satisfies Sighting];
      });
    },
    async close() {
      client.close();
    },
  };
}

function parseRecord(text: string): OriginRecord | undefined {
  try {
    const parsed = v.safeParse(recordSchema, JSON.parse(text));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
