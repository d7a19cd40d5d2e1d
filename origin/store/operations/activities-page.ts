import type { FilterQuery } from '@mikro-orm/core';
import type { ActivityState } from '../../../shared/words.ts';
import type { ActivitiesPage } from '../activities-port.ts';
import { ActivityEntity, type ActivityRecord } from '../entities/activity.ts';
import type { Em } from '../orm.ts';
import type { ActivityRow } from '../store.ts';
import { withApplied } from './activities.ts';

const MAX_PAGE = 1000;

type Filter = FilterQuery<ActivityRecord>;

export async function activitiesPage(em: Em, page: ActivitiesPage): Promise<ActivityRow[]> {
  const { state, skuId, limit, after, now } = page;
  const filters: Filter[] = [{ deletedAt: null }];
  if (skuId !== undefined) filters.push({ skuId });
  if (state !== undefined) filters.push(inState(state, now));
  if (after !== undefined) {
    const { createdAt, activityId } = after;
    filters.push({
      $or: [{ createdAt: { $lt: createdAt } }, { createdAt, activityId: { $lt: activityId } }],
    });
  }
  const records = await em.find(
    ActivityEntity,
    { $and: filters },
    { orderBy: { createdAt: 'desc', activityId: 'desc' }, limit: Math.min(limit, MAX_PAGE) },
  );
  return withApplied(em, records);
}

/** The states that an activity shows (`stateOf`), as conditions on its row. */
function inState(state: ActivityState, now: number): Filter {
  const goesOn = { endAt: { $gt: now }, paused: false };
  switch (state) {
    case 'CLOSED':
      return { state: 'CLOSED' };
    case 'ENDED':
      return { state: { $ne: 'CLOSED' }, endAt: { $lte: now } };
    case 'PAUSED':
      return { state: { $ne: 'CLOSED' }, endAt: { $gt: now }, paused: true };
    case 'RUNNING':
      return { ...goesOn, state: 'LOADED', startAt: { $lte: now } };
    case 'LOADED':
      return { ...goesOn, state: 'LOADED', startAt: { $gt: now } };
    case 'SCHEDULED':
      return { ...goesOn, state: 'SCHEDULED' };
  }
}
