// A lease that knows, by this process's own clock, until when it surely holds.
import { type Etcd3, EtcdLeaseInvalidError } from 'etcd3';
import { pauseFor } from '../backoff.ts';
import type { Log } from '../log.ts';

export interface HeldLease {
  readonly id: string;
  /** Aborts before the lease can have run out, whatever became of etcd or of this process. */
  readonly lost: AbortSignal;
  /** Gives the lease back; never rejects, for an unreachable one runs out by itself. */
  release(): Promise<void>;
}

/** Of the time to live: what is left for a job to end in, and how often the lease is renewed. */
const MARGIN = 0.2;
const RENEWALS = 5;
const RETRY_MS = 100;
const CALL_TIMEOUT_MS = 1_000;

/** Rejects when etcd does not grant the lease. */
export async function holdLease(client: Etcd3, ttlSeconds: number, log: Log): Promise<HeldLease> {
  const ttlMs = ttlSeconds * 1_000;
  const ended = new AbortController();
  let deadline: NodeJS.Timeout | undefined;

  /**
   * The lease lives for its time to live from when etcd heard of it, which was not before `sentAt`
   * (monotonic). A process that was stopped meanwhile finds that moment past.
   */
  function holdsSince(sentAt: number): void {
    clearTimeout(deadline);
    const leftMs = sentAt + ttlMs * (1 - MARGIN) - performance.now();
    if (leftMs <= 0) ended.abort();
    else deadline = setTimeout(() => ended.abort(), leftMs);
  }

  const grantedAt = performance.now();
  const lease = client.lease(ttlSeconds, { autoKeepAlive: false });
  const id = await lease.grant();
  holdsSince(grantedAt);

  async function renew(): Promise<number> {
    const sentAt = performance.now();
    try {
      await lease.keepaliveOnce({ deadline: Date.now() + CALL_TIMEOUT_MS });
      if (!ended.signal.aborted) holdsSince(sentAt);
      return ttlMs / RENEWALS;
    } catch (error) {
      if (error instanceof EtcdLeaseInvalidError) ended.abort();
      else log.debug({ err: error }, 'a lease could not be renewed');
      return RETRY_MS;
    }
  }
  async function keepAlive(): Promise<void> {
    let nextMs = ttlMs / RENEWALS;
    while (!ended.signal.aborted) {
      await pauseFor(nextMs, ended.signal);
      if (!ended.signal.aborted) nextMs = await renew();
    }
    clearTimeout(deadline);
  }
  const kept = keepAlive();

  return {
    id,
    lost: ended.signal,
    async release() {
      ended.abort();
      await kept;
      try {
        await lease.revoke({ deadline: Date.now() + CALL_TIMEOUT_MS });
      } catch (error) {
        log.debug({ err: error }, 'a lease could not be given back');
      }
    },
  };
}
