// What `lua/load.lua` is called with.
import { inventoryKeys } from '../../shared/keys.ts';
import type { ActivityRow } from '../store/store.ts';

/** How long an activity's keys outlive its end. */
export const KEYS_OUTLIVE_END_MS = 7 * 86_400_000;

export const keysLifetime = (row: Pick<ActivityRow, 'endAt'>): number =>
  row.endAt + KEYS_OUTLIVE_END_MS;

export const loadKeys = (skuId: string): string[] => [
  inventoryKeys.activity(skuId),
  inventoryKeys.stock(skuId),
  inventoryKeys.sold(skuId),
  inventoryKeys.sequence(skuId),
  inventoryKeys.outbox(skuId),
  inventoryKeys.pending(skuId),
];

/** Arguments 1 to 10, which `restore-stock` shares. */
export const loadArguments = (row: ActivityRow): (string | number)[] => [
  row.activityId,
  row.epoch,
  row.stock,
  row.startAt,
  row.endAt,
  row.limitPerUser,
  row.price,
  row.currency,
  row.paymentWindowSeconds * 1000,
  keysLifetime(row),
];
