// An activity that was given another SKU before its start leaves the old one's keys behind.
import { inventoryKeys } from '../../shared/keys.ts';
import type { Script } from '../redis/script.ts';
import type { ActivityRow } from '../store/store.ts';
import type { SweepOptions, Swept } from './sweep.ts';
import { sweepKeys } from './sweep.ts';
import { tellClosed } from './tell-closed.ts';

/** Safe to repeat. What a crash leaves is found by the load of the SKU's next activity. */
export async function leaveSku(
  options: SweepOptions & { readonly setStatus: Script },
  before: ActivityRow,
): Promise<void> {
  await sweepKeys(options, before);
  await tellClosed({ redis: options.edgeRedis, script: options.setStatus }, before);
}

/**
 * Removes keys in the way of a load whose activity is not there any more. False where they are
 * rightly there.
 */
export async function sweepAbandoned(
  options: SweepOptions,
  {
    skuId,
    isServed,
  }: { readonly skuId: string; readonly isServed: (by: Swept) => Promise<boolean> },
): Promise<boolean> {
  const activityId = await options.inventory.hget(inventoryKeys.activity(skuId), 'id');
  const swept = { activityId: activityId ?? '', skuId };
  if (activityId !== null && (await isServed(swept))) return false;
  return await sweepKeys(options, swept);
}
