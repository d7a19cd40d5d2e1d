// Plain rows of activities, as the store would answer them.
import { mintUlid } from '../../shared/order-id.ts';
import type { ActivityRow } from '../store/store.ts';

export function activityRow(changes: Partial<ActivityRow> = {}): ActivityRow {
  return {
    ...{ activityId: mintUlid(Date.now()), skuId: 'sku_1', title: 'A thing', version: 1 },
    ...{ state: 'LOADED', paused: false, createdAt: 1_000, updatedAt: 1_000, deletedAt: null },
    ...{ stock: 100, price: 500, currency: 'EUR', limitPerUser: 2 },
    ...{ ratePerSecond: 10, capacity: 10, queueLimit: 1_000 },
    ...{ entryOpensAt: 100_000, startAt: 200_000, endAt: 900_000 },
    ...{ ticketWindowSeconds: 30, paymentWindowSeconds: 900, challengeAt: 40, denyAt: 80 },
    ...{ drawFacts: null, draw: false, beacon: null },
    ...{ epoch: 1, runId: 'run-1', epochTaken: 1, epochAnnounced: 1 },
    ...{ fenceEpoch: 0, fenceReason: null, virtualAt: 0, frontier: 0, speedPin: null },
    applied: {
      epoch: 1,
      seq: 0,
      sold: 0,
      stock: 100,
      alarmEpoch: 0,
      alarm: null,
      ledgerHead: null,
    },
    ...changes,
  };
}
