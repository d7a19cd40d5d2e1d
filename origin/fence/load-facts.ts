// The facts of an activity as `load` and `restore-stock` take them (arguments 1 to 10).
import type { ActivityRow } from '../store/store.ts';

const DAY_MS = 86_400_000;
const KEPT_DAYS = 7;

/** Epoch ms up to which an activity's keys live: seven days behind its last moment to pay. */
export function keysLifetime(row: Pick<ActivityRow, 'endAt' | 'paymentWindowSeconds'>): number {
  return row.endAt + row.paymentWindowSeconds * 1000 + KEPT_DAYS * DAY_MS;
}

export function loadFacts(row: ActivityRow, epoch: number): (string | number)[] {
  return [
    row.activityId,
    epoch,
    row.stock,
    row.startAt,
    row.endAt,
    row.limitPerUser,
    row.price,
    row.currency,
    row.paymentWindowSeconds * 1000,
    keysLifetime(row),
  ];
}
