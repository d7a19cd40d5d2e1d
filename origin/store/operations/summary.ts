import type { OrderStatus } from '../../../shared/words.ts';
import type { Em } from '../orm.ts';
import type { SaleSummary } from '../store.ts';

interface StatusCount {
  readonly status: OrderStatus;
  readonly orders: number | string;
  readonly units: number | string;
}

/** Counts rows, not counters, so that it proves something about them. */
export async function summary(em: Em, activityId: string): Promise<SaleSummary> {
  const statuses = await em.execute<StatusCount[]>(
    `select status, count(*) as orders, sum(quantity) as units from orders
      where activity_id = ? group by status`,
    [activityId],
  );
  const [over] = await em.execute<{ users: number | string }[]>(
    `select count(*) as users from (
      select user_id from orders where activity_id = ? and status <> 'CANCELLED'
        group by user_id
        having sum(quantity) > (select limit_per_user from activity where activity_id = ?)
    ) as over_limit`,
    [activityId, activityId],
  );
  const [dead] = await em.execute<{ letters: number | string }[]>(
    'select count(*) as letters from dead_letter where activity_id = ?',
    [activityId],
  );
  const byStatus = { PENDING: 0, PAID: 0, CANCELLED: 0 };
  let sold = 0;
  for (const { status, orders, units } of statuses) {
    byStatus[status] = Number(orders);
    if (status !== 'CANCELLED') sold += Number(units);
  }
  return {
    orders: byStatus.PENDING + byStatus.PAID + byStatus.CANCELLED,
    sold,
    byStatus,
    overLimit: Number(over?.users ?? 0),
    deadLetters: Number(dead?.letters ?? 0),
  };
}
