// The port's behaviour, the same behind both elections: take part, lead, give up, take part again.
import { createBackoff, pauseFor } from '../backoff.ts';
import type { Log } from '../log.ts';
import { createOutage } from '../outage.ts';
import type { Job, Lead, Leadership } from './leadership.ts';

/** A lead that was won; it is held until `lost` aborts or it is resigned. */
export interface Won {
  readonly term: number;
  readonly lost: AbortSignal;
  /** Never rejects: what cannot be given up runs out by itself. */
  resign(): Promise<void>;
}

export interface Election {
  /**
   * Resolves once this instance leads the job, or to undefined when the signal aborts before.
   * Rejects when nobody can be asked.
   */
  win(job: Job, signal: AbortSignal): Promise<Won | undefined>;
  ping(): Promise<void>;
  close(): Promise<void>;
}

const BACKOFF = { leastMs: 100, mostMs: 2_000 };
const PAUSE_AFTER_LEAD_MS = 200;

export function createLeadership(election: Election, log: Log): Leadership {
  const closing = new AbortController();
  const campaigns: Promise<void>[] = [];
  const held = new Set<Lead>();

  async function lead(job: Job, won: Won, run: (lead: Lead) => Promise<void>): Promise<void> {
    const signal = AbortSignal.any([won.lost, closing.signal]);
    const mine: Lead = { job, term: won.term, signal };
    held.add(mine);
    log.info({ job, term: won.term }, 'leads');
    try {
      await run(mine);
    } catch (error) {
      log.error({ err: error, job, term: won.term }, 'a job failed while leading');
    } finally {
      held.delete(mine);
      log.info({ job, term: won.term, lost: won.lost.aborted }, 'leads no longer');
      await won.resign();
    }
  }

  async function campaign(job: Job, run: (lead: Lead) => Promise<void>): Promise<void> {
    const backoff = createBackoff(BACKOFF);
    const outage = createOutage(log, `the election of ${job}`);
    while (!closing.signal.aborted) {
      try {
        const won = await election.win(job, closing.signal);
        outage.ended();
        backoff.reset();
        if (won === undefined) return;
        await lead(job, won, run);
        await pauseFor(PAUSE_AFTER_LEAD_MS, closing.signal);
      } catch (error) {
        outage.began(error);
        await backoff.pause(closing.signal);
      }
    }
  }

  return {
    campaign: (job, run) => void campaigns.push(campaign(job, run)),
    leads: () =>
      [...held].filter(({ signal }) => !signal.aborted).map(({ job, term }) => ({ job, term })),
    ping: () => election.ping(),
    async close() {
      closing.abort();
      await Promise.all(campaigns);
      await election.close();
    },
  };
}
