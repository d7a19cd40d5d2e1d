import { OrderEntity } from '../entities/order.ts';
import type { Em } from '../orm.ts';
import type { OrderRow, Store } from '../store.ts';
import { orderRow } from './order-row.ts';

const MAX_ORDERS_OF_USER = 100;
const MAX_PAGE = 10_000;

type Argument<Name extends keyof Store> = Parameters<Store[Name]>[0];

export async function findOrder(em: Em, orderId: string): Promise<OrderRow | undefined> {
  const record = await em.findOne(OrderEntity, { orderId });
  return record === null ? undefined : orderRow(record);
}

export async function ordersOfUser(
  em: Em,
  { activityId, userId }: Argument<'ordersOfUser'>,
): Promise<string[]> {
  const rows = await em.find(
    OrderEntity,
    { activityId, userId, status: { $ne: 'CANCELLED' } },
    {
      fields: ['orderId'],
      orderBy: { createdAt: 'desc', orderId: 'desc' },
      limit: MAX_ORDERS_OF_USER,
    },
  );
  return rows.map((row) => row.orderId);
}

export async function ordersPage(
  em: Em,
  { activityId, afterOrderId, limit }: Argument<'ordersPage'>,
): Promise<OrderRow[]> {
  const rows = await em.find(
    OrderEntity,
    { activityId, orderId: { $gt: afterOrderId } },
    { orderBy: { orderId: 'asc' }, limit: Math.min(limit, MAX_PAGE) },
  );
  return rows.map(orderRow);
}

export async function ordersWithoutRow(em: Em, orderIds: readonly string[]): Promise<string[]> {
  if (orderIds.length > MAX_PAGE) throw new RangeError(`at most ${MAX_PAGE} orders`);
  if (orderIds.length === 0) return [];
  const rows = await em.execute<{ order_id: string }[]>(
    `select order_id from orders where order_id in (${orderIds.map(() => '?').join(',')})`,
    [...orderIds],
  );
  const known = new Set(rows.map((row) => row.order_id));
  return orderIds.filter((orderId) => !known.has(orderId));
}

/**
 * Users of rows and of undecided dead letters as one list, ordered by user id. Each half is cut to
 * the page by itself, so that a page costs what it holds, not what the activity holds.
 */
export async function userCountsPage(
  em: Em,
  { activityId, afterUserId, limit }: Argument<'userCountsPage'>,
): Promise<{ userId: string; count: number }[]> {
  const most = Math.min(limit, MAX_PAGE);
  const rows = await em.execute<{ user_id: string; units: number | string }[]>(
    `select user_id, sum(units) as units from (
      select * from (
        select user_id, sum(case when status = 'CANCELLED' then 0 else quantity end) as units
          from orders where activity_id = ? and user_id > ?
          group by user_id order by user_id limit ?) as in_rows
      union all
      select * from (
        select user_id, max(quantity) as units from dead_letter
          where activity_id = ? and user_id > ? and type = 'reserved' and decision is null
          group by user_id, order_id order by user_id) as in_dead_letters
    ) as held group by user_id order by user_id limit ?`,
    [activityId, afterUserId, most, activityId, afterUserId, most],
  );
  return rows.map((row) => ({ userId: row.user_id, count: Number(row.units) }));
}

export async function lapsesPage(
  em: Em,
  { activityId, afterUserId, limit }: Argument<'lapsesPage'>,
): Promise<{ userId: string; count: number }[]> {
  const rows = await em.execute<{ user_id: string; lapses: number | string }[]>(
    `select user_id, count(*) as lapses from orders
      where activity_id = ? and user_id > ? and reason = 'EXPIRED' and not exists (
        select 1 from lapse_lift where lapse_lift.activity_id = orders.activity_id
          and lapse_lift.user_id = orders.user_id and lifted_at >= pay_by)
      group by user_id order by user_id limit ?`,
    [activityId, afterUserId, Math.min(limit, MAX_PAGE)],
  );
  return rows.map((row) => ({ userId: row.user_id, count: Number(row.lapses) }));
}
