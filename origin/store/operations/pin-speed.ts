import { ActivityEntity } from '../entities/activity.ts';
import type { Em } from '../orm.ts';
import type { Store } from '../store.ts';

export async function pinSpeed(
  em: Em,
  { activityId, speed }: Parameters<Store['pinSpeed']>[0],
): ReturnType<Store['pinSpeed']> {
  const record = await em.findOne(ActivityEntity, { activityId });
  if (record === null) return { kind: 'unknown' };
  record.speedPin = speed === null ? null : Math.round(speed * 100);
  await em.flush();
  return { kind: 'pinned' };
}
