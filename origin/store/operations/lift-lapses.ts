import type { Em } from '../orm.ts';
import type { PeopleStore } from '../people-port.ts';

/** Two that lift for the first time meet at the key, and one begins anew. */
export async function liftLapses(
  em: Em,
  { activityId, userId, now }: Parameters<PeopleStore['liftLapses']>[0],
): Promise<void> {
  const { affectedRows } = await em.execute<{ affectedRows: number }>(
    'update lapse_lift set lifted_at = ?, lifts = lifts + 1 where activity_id = ? and user_id = ?',
    [now, activityId, userId],
    'run',
  );
  if (affectedRows > 0) return;
  await em.execute(
    'insert into lapse_lift (activity_id, user_id, lifted_at, lifts) values (?, ?, ?, 1)',
    [activityId, userId, now],
    'run',
  );
}
