// Makes a SKU's status document from what is known, and writes it unless a newer one stands.

import type { LineClock } from '../../shared/clock.ts';
import type { DrawStatus } from '../../shared/draw.ts';
import { edgeKeys } from '../../shared/keys.ts';
import type { Outlook } from '../../shared/outlook.ts';
import type { SaleStatus } from '../../shared/sale-status.ts';
import { stateOf } from '../activities/view.ts';
import { keysLifetime } from '../fence/load-facts.ts';
import type { Redis } from '../redis/client.ts';
import type { Script } from '../redis/script.ts';
import type { ActivityRow } from '../store/store.ts';
import { type StockCounts, stockBandOf } from './counts.ts';
import { joiningOf } from './joining.ts';

export interface StatusFacts {
  readonly row: ActivityRow;
  /** Epoch ms by the edge Redis, whose clock decides who may enter. */
  readonly nowMs: number;
  readonly version: number;
  readonly clock: LineClock;
  readonly waiting: number;
  readonly counts: StockCounts;
  readonly outlook: Outlook | null;
  readonly draw: DrawStatus | null;
}

export function saleStatusOf(facts: StatusFacts): SaleStatus {
  const { row, nowMs, version, clock, waiting, counts, outlook, draw } = facts;
  const { virtualAt, realAt, speed, virtualUntil, term } = clock;
  const state = stateOf(row, nowMs);
  const { stock, held, firstPayBy } = counts;
  const joining = joiningOf({
    ...{ state, stock, held, firstPayBy, waiting },
    ...{ queueLimit: row.queueLimit, endAt: row.endAt },
  });
  return {
    version,
    writtenAt: nowMs,
    skuId: row.skuId,
    activityId: row.activityId,
    title: row.title,
    state,
    startAt: row.startAt,
    endAt: row.endAt,
    entryOpensAt: row.entryOpensAt,
    price: row.price,
    currency: row.currency,
    limitPerUser: row.limitPerUser,
    ...joining,
    held,
    outlook,
    draw,
    stockBand: stockBandOf(counts),
    waiting,
    clock: { virtualAt, realAt, speed, virtualUntil, term, version: clock.version },
    ratePerSecond: row.ratePerSecond,
    capacity: row.capacity,
    windowMs: row.ticketWindowSeconds * 1000,
    challengeAt: row.challengeAt,
    denyAt: row.denyAt,
    ...(row.applied.ledgerHead === null ? {} : { ledgerHead: row.applied.ledgerHead }),
  };
}

/** Tells the version that stands afterwards: the given one, or a newer one that was kept. */
export async function writeStatus(
  { redis, script }: { readonly redis: Redis; readonly script: Script },
  row: ActivityRow,
  status: SaleStatus,
): Promise<number> {
  const { version, ...rest } = status;
  const args = [version, JSON.stringify(rest).slice(1), keysLifetime(row)];
  const answer = await script.run(redis, [edgeKeys.saleStatus(row.skuId)], args);
  return Array.isArray(answer) ? Number(answer[1]) : version;
}
