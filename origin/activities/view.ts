// What the world sees of an activity.
import type { ActivityState } from '../../shared/words.ts';
import type { ActivityRow } from '../store/store.ts';

/** The state at `nowMs`: what the row says, and what the time has made of it since. */
export function stateOf(
  row: Pick<ActivityRow, 'state' | 'paused' | 'startAt' | 'endAt'>,
  nowMs: number,
): ActivityState {
  if (row.state === 'CLOSED') return 'CLOSED';
  if (row.state === 'CLOSING' || nowMs >= row.endAt) return 'ENDED';
  if (row.paused) return 'PAUSED';
  return row.state === 'LOADED' && nowMs >= row.startAt ? 'RUNNING' : row.state;
}

/** The JSON of an activity. */
export function activityView(row: ActivityRow, nowMs: number) {
  return {
    activityId: row.activityId,
    skuId: row.skuId,
    title: row.title,
    state: stateOf(row, nowMs),
    stock: row.stock,
    sold: row.applied.sold,
    price: row.price,
    currency: row.currency,
    limitPerUser: row.limitPerUser,
    ratePerSecond: row.ratePerSecond,
    capacity: row.capacity,
    queueLimit: row.queueLimit,
    startAt: rfc3339(row.startAt),
    endAt: rfc3339(row.endAt),
    entryOpensAt: rfc3339(row.entryOpensAt),
    draw: row.draw && { ...(row.beacon === null ? {} : { beacon: row.beacon }) },
    ticketWindowSeconds: row.ticketWindowSeconds,
    paymentWindowSeconds: row.paymentWindowSeconds,
    challengeAt: row.challengeAt,
    denyAt: row.denyAt,
    version: row.version,
    createdAt: rfc3339(row.createdAt),
    updatedAt: rfc3339(row.updatedAt),
  };
}

const rfc3339 = (ms: number): string => new Date(ms).toISOString();
