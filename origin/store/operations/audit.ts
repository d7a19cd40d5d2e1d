import * as v from 'valibot';
import type { ActivityChange, ActivityDiff } from '../activities-port.ts';
import { ActivityChangeEntity } from '../entities/activity-change.ts';
import type { Em } from '../orm.ts';

const MAX_HISTORY = 1000;
const diffSchema = v.record(v.string(), v.strictTuple([v.unknown(), v.unknown()]));

export async function writeChange(
  em: Em,
  activityId: string,
  { diff, ...change }: ActivityChange,
): Promise<void> {
  await em.execute(
    'insert into activity_change (activity_id, version, action, actor, at, diff) values (?, ?, ?, ?, ?, ?)',
    [activityId, change.version, change.action, change.actor, change.at, JSON.stringify(diff)],
    'run',
  );
}

export async function activityHistory(em: Em, activityId: string): Promise<ActivityChange[]> {
  const rows = await em.find(
    ActivityChangeEntity,
    { activityId },
    { orderBy: { id: 'asc' }, limit: MAX_HISTORY },
  );
  return rows.map(({ action, actor, at, version, diff }) => ({
    ...{ action, actor, at, version },
    diff: parseDiff(diff),
  }));
}

function parseDiff(text: string): ActivityDiff {
  return v.parse(diffSchema, JSON.parse(text));
}
