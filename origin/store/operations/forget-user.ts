import { ActivityEntity } from '../entities/activity.ts';
import { DeadLetterEntity } from '../entities/dead-letter.ts';
import { OrderEntity } from '../entities/order.ts';
import type { Em } from '../orm.ts';
import type { ForgetUser } from '../people-port.ts';
import { writeChange } from './audit.ts';

/** More than this many times bought in one sale nobody can: a limit for the query. */
const MAX_LETTERS = 1_000;

/** Only of closed activities: what is still sold, paid or rebuilt needs to know whose it is. */
export async function forgetUser(em: Em, forget: ForgetUser): Promise<number> {
  const { userId, pseudonym, limit, actor, now } = forget;
  const rows = await em.execute<{ order_id: string; activity_id: string }[]>(
    `select o.order_id, o.activity_id from activity as a
      join orders as o on o.activity_id = a.activity_id and o.user_id = ?
      where a.state = 'CLOSED' order by o.order_id limit ?`,
    [userId, limit],
  );
  const orderIds = rows.map((row) => row.order_id);
  await em.nativeUpdate(OrderEntity, { orderId: { $in: orderIds } }, { userId: pseudonym });
  await forgetLetters(em, { userId, pseudonym });
  await em.execute(
    `delete from lapse_lift where user_id = ? and activity_id in (
      select activity_id from activity where state = 'CLOSED')`,
    [userId],
    'run',
  );
  const byActivity = Map.groupBy(rows, (row) => row.activity_id);
  for (const [activityId, { length }] of byActivity) {
    const activity = await em.findOne(ActivityEntity, { activityId });
    if (activity === null) continue;
    await writeChange(em, activityId, {
      ...{ action: 'forget', actor, at: now, version: activity.version },
      diff: { orders: [0, length] },
    });
  }
  return rows.length;
}

async function forgetLetters(
  em: Em,
  { userId, pseudonym }: Pick<ForgetUser, 'userId' | 'pseudonym'>,
): Promise<void> {
  const letters = await em.execute<{ id: number | string; text: string }[]>(
    `select d.id, d.text from activity as a
      join dead_letter as d on d.activity_id = a.activity_id
      where a.state = 'CLOSED' and d.decision is not null and d.user_id = ? limit ?`,
    [userId, MAX_LETTERS],
  );
  const quoted = JSON.stringify(userId);
  for (const { id, text } of letters) {
    await em.nativeUpdate(
      DeadLetterEntity,
      { id: Number(id) },
      { userId: pseudonym, text: text.replaceAll(quoted, JSON.stringify(pseudonym)) },
    );
  }
}
