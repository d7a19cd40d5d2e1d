import { NO_LIMIT_MS } from '../../shared/clock.ts';
import type { SaleStatus } from '../../shared/sale-status.ts';

/** A document of a sale that runs from 0 to 1,000,000 at speed 1. */
export function saleStatus(changes: Partial<SaleStatus> = {}): SaleStatus {
  return {
    version: 1,
    writtenAt: 0,
    skuId: 'sku',
    activityId: 'activity',
    title: 'A thing',
    state: 'RUNNING',
    startAt: 0,
    endAt: 1_000_000,
    entryOpensAt: 0,
    price: 100,
    currency: 'USD',
    limitPerUser: 1,
    joinable: true,
    soldOut: false,
    unitsMayReturn: false,
    held: 0,
    nextReturnAt: null,
    outlook: {
      reach: NO_LIMIT_MS,
      pace: 1,
      paceSpread: 0.1,
      units: 100,
      unitsError: 5,
      takeShare: 0.8,
      takeShareError: 0.05,
      leastChance: 0,
    },
    draw: null,
    stockBand: 'some',
    waiting: 0,
    clock: {
      virtualAt: 0,
      realAt: 0,
      speed: 1,
      virtualUntil: NO_LIMIT_MS,
      term: 1,
      version: 1,
    },
    ratePerSecond: 10,
    capacity: 10,
    windowMs: 30_000,
    challengeAt: 40,
    denyAt: 80,
    ...changes,
  };
}
