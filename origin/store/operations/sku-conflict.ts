import type { ChangeAnswer } from '../activities-port.ts';
import { ActivityEntity } from '../entities/activity.ts';
import type { Em } from '../orm.ts';

interface Wanted {
  readonly activityId: string;
  readonly skuId: string;
  readonly startAt: number;
  readonly endAt: number;
  readonly now: number;
}

/**
 * What stands in the way of an activity's period. Under the SKU's lock. Two that touch only at a
 * moment do not overlap; one that starts later waits for its former to be closed by itself.
 */
export async function findConflict(
  em: Em,
  { activityId, skuId, startAt, endAt, now }: Wanted,
): Promise<Extract<ChangeAnswer, { kind: 'overlap' | 'former-activity-open' }> | undefined> {
  const others = { skuId, activityId: { $ne: activityId } };
  const other = await em.findOne(
    ActivityEntity,
    { ...others, state: { $ne: 'CLOSED' }, startAt: { $lt: endAt }, endAt: { $gt: startAt } },
    { fields: ['activityId'], orderBy: { startAt: 'asc' } },
  );
  if (other !== null) return { kind: 'overlap', activityId: other.activityId };
  if (startAt > now || endAt <= now) return undefined;
  const former = await em.findOne(
    ActivityEntity,
    { ...others, state: { $in: ['LOADED', 'CLOSING'] } },
    { fields: ['activityId'] },
  );
  return former === null
    ? undefined
    : { kind: 'former-activity-open', activityId: former.activityId };
}
