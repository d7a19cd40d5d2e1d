// The job `expiry`: looks at every loaded activity twice a second for orders whose time to pay is
// over.
import { inventoryKeys } from '../../shared/keys.ts';
import type { ActivityRegistry } from '../activities/registry.ts';
import { pauseFor } from '../backoff.ts';
import type { Lead, Leadership } from '../leadership/leadership.ts';
import type { Log } from '../log.ts';
import { createOutage } from '../outage.ts';
import type { InventoryLink } from '../redis/inventory-link.ts';
import { serverTimes } from '../redis/nodes.ts';
import type { ActivityRow } from '../store/store.ts';
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
  // payBy was set by these clocks.
  const timeOf = serverTimes(options.link.redis);
  const rows = options.registry.all().filter(({ state }) => state === 'LOADED');
  let kept = 0;
  const work = async (): Promise<void> => {
    for (let row = rows.shift(); row !== undefined; row = rows.shift()) {
      // Those of a server that is away must not keep those of another from their turn.
      kept += await sweepOne(lead, options, { row, timeOf }).catch((error: unknown) => {
        options.onError(error);
        return 0;
      });
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
  return kept;
}

async function sweepOne(
  lead: Lead,
  options: ExpiryCampaign,
  { row, timeOf }: { readonly row: ActivityRow; readonly timeOf: ReturnType<typeof serverTimes> },
): Promise<number> {
  const nowMs = await timeOf(inventoryKeys.pending(row.skuId));
  for (let round = 0; round < ROUNDS_OF_ONE && !lead.signal.aborted; round += 1) {
    const { isMore, kept } = await expireOrders(options, row.activityId, nowMs);
    if (!isMore) return kept;
  }
  return 0;
}
