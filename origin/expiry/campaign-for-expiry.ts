// The job `expiry`: looks at every loaded activity twice a second for orders whose time to pay is
// over.
import type { ActivityRegistry } from '../activities/registry.ts';
import { pauseFor } from '../backoff.ts';
import type { Lead, Leadership } from '../leadership/leadership.ts';
import type { Log } from '../log.ts';
import { createOutage } from '../outage.ts';
import type { InventoryLink } from '../redis/inventory-link.ts';
import { type ExpiryParts, expireOrders } from './expiry.ts';

export interface ExpiryCampaign extends ExpiryParts {
  readonly leadership: Leadership;
  readonly link: Pick<InventoryLink, 'redis'>;
  readonly registry: Pick<ActivityRegistry, 'all'>;
  readonly log: Log;
  readonly onError: (error: unknown) => void;
}

const ROUND_MS = 400;
const SIDE_BY_SIDE = 16;
const ROUNDS_OF_ONE = 20;

export function campaignForExpiry(options: ExpiryCampaign): void {
  options.leadership.campaign('expiry', (lead) => sweepExpired(lead, options));
}

async function sweepExpired(lead: Lead, options: ExpiryCampaign): Promise<void> {
  const outage = createOutage(options.log, 'asking for payments before orders expire');
  while (!lead.signal.aborted) {
    try {
      const kept = await sweepOnce(lead, options);
      if (kept > 0) outage.began(new Error(`${kept} orders keep their units behind payBy`));
      else outage.ended();
    } catch (error) {
      options.onError(error);
    }
    await pauseFor(ROUND_MS, lead.signal);
  }
}

/** Answers how many orders are kept behind payBy, because nobody can say whether they are paid. */
async function sweepOnce(lead: Lead, options: ExpiryCampaign): Promise<number> {
  const nowMs = await redisNow(options.link);
  const rows = options.registry.all().filter(({ state }) => state === 'LOADED');
  let kept = 0;
  const work = async (): Promise<void> => {
    for (let row = rows.shift(); row !== undefined; row = rows.shift()) {
      for (let round = 0; round < ROUNDS_OF_ONE && !lead.signal.aborted; round += 1) {
        const done = await expireOrders(options, row.activityId, nowMs);
        if (!done.isMore) {
          kept += done.kept;
          break;
        }
      }
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: SIDE_BY_SIDE }, work));
  for (const end of ends) if (end.status === 'rejected') options.onError(end.reason);
  return kept;
}

/** payBy was set by this clock. */
async function redisNow({ redis }: Pick<InventoryLink, 'redis'>): Promise<number> {
  const [seconds, microseconds] = await redis.time();
  return Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000);
}
