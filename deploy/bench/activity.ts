// An activity as the origin knows it once it is loaded, for benches that have no database.
import type { ActivityRow } from '../../origin/store/store.ts';
import { mintUlid } from '../../shared/order-id.ts';

export interface ActivityTraits {
  readonly skuId: string;
  /** Of the Redis that its epoch was opened for. */
  readonly runId: string;
  readonly stock?: number;
  readonly limitPerUser?: number;
}

const STOCK = 10_000_000;

export function activityOf({
  skuId,
  runId,
  stock = STOCK,
  limitPerUser = 1,
}: ActivityTraits): ActivityRow {
  const now = Date.now();
  return {
    activityId: mintUlid(now),
    skuId,
    title: skuId,
    stock,
    price: 1_999,
    currency: 'USD',
    limitPerUser,
    ratePerSecond: 1_000,
    capacity: 1_000,
    queueLimit: 1_000_000,
    entryOpensAt: now,
    startAt: now - 1_000,
    endAt: now + 3_600_000,
    ticketWindowSeconds: 30,
    paymentWindowSeconds: 900,
    challengeAt: 40,
    denyAt: 80,
    draw: false,
    beacon: null,
    drawFacts: null,
    deletedAt: null,
    state: 'LOADED',
    paused: false,
    version: 1,
    createdAt: now,
    updatedAt: now,
    epoch: 1,
    runId,
    epochTaken: 1,
    epochAnnounced: 1,
    fenceEpoch: 0,
    fenceReason: null,
    virtualAt: 0,
    frontier: 0,
    speedPin: null,
    applied: {
      epoch: 1,
      seq: 0,
      sold: 0,
      stock,
      alarmEpoch: 0,
      alarm: null,
      ledgerHead: null,
    },
  };
}
