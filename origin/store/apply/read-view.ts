// Reads what a batch is decided by. The lock on the `applied` rows is what makes two writers one
// after the other; nothing is read before it is held.
import { ActivityEntity } from '../entities/activity.ts';
import { DeadLetterEntity } from '../entities/dead-letter.ts';
import { OrderEntity } from '../entities/order.ts';
import { orderRow } from '../operations/order-row.ts';
import { type Em, lockClause } from '../orm.ts';
import { identityOf } from './plan.ts';
import { activityOf } from './record.ts';
import { type ActivityView, type BatchView, type Candidate, deadOrderKey } from './view.ts';

interface AppliedColumns {
  readonly activity_id: string;
  readonly epoch: number;
  readonly seq: number;
  readonly sold: number;
  readonly stock: number;
  readonly alarm_epoch: number;
  readonly alarm: string | null;
  readonly has_dead_letters: number;
  readonly ledger_head: string | null;
}

/** Locks the activities of the batch, in the order of their ids; orders are not looked up. */
export async function lockActivities(em: Em, candidates: readonly Candidate[]): Promise<BatchView> {
  const ids = [...new Set(candidates.flatMap(({ record }) => activityOf(record) ?? []))];
  const places = ids.map(() => '?').join(',');
  const rows =
    ids.length === 0
      ? []
      : await em.execute<AppliedColumns[]>(
          `select activity_id, epoch, seq, sold, stock, alarm_epoch, alarm, exists (
              select 1 from dead_letter where dead_letter.activity_id = applied.activity_id
                and type = 'reserved' and decision is null) as has_dead_letters,
              (select head from ledger_page where ledger_page.activity_id = applied.activity_id
                order by id desc limit 1) as ledger_head
            from applied where activity_id in (${places})
            order by activity_id ${lockClause(em)}`,
          ids,
        );
  const activities = new Map<string, ActivityView>();
  for (const { epoch, seq, sold, stock, alarm, ...row } of rows) {
    activities.set(row.activity_id, {
      ...{ epoch, seq, sold, stock, alarm, alarmEpoch: row.alarm_epoch, epochAnnounced: 0 },
      hasDeadLetters: row.has_dead_letters === 1,
      ledgerHead: row.ledger_head,
    });
  }
  const none = new Set<string>();
  return {
    activities,
    orders: new Map(),
    deadOrders: none,
    heldOrders: none,
    deadIdentities: none,
  };
}

/** Adds what only records out of the straight order need: rows, dead letters, epochs to come. */
export async function lookUp(
  em: Em,
  candidates: readonly Candidate[],
  locked: BatchView,
): Promise<BatchView> {
  const ids = eventsOf(candidates).flatMap((event) => event.order?.orderId ?? []);
  const orderIds = [...new Set(ids)];
  const identities = candidates.map(({ record }) => identityOf(record));
  const announced = await em.find(
    ActivityEntity,
    { activityId: { $in: [...locked.activities.keys()] } },
    { fields: ['activityId', 'epochAnnounced'] },
  );
  const orders = await em.find(OrderEntity, { orderId: { $in: orderIds } });
  const dead = await em.find(
    DeadLetterEntity,
    {
      $or: [{ identity: { $in: identities } }, { orderId: { $in: orderIds }, type: 'reserved' }],
    },
    { fields: ['identity', 'activityId', 'orderId', 'type', 'decision'] },
  );
  const activities = new Map(locked.activities);
  for (const { activityId, epochAnnounced } of announced) {
    const activity = activities.get(activityId);
    if (activity !== undefined) activities.set(activityId, { ...activity, epochAnnounced });
  }
  const reservations = dead.filter((one) => one.type === 'reserved');
  return {
    activities,
    orders: new Map(orders.map((row) => [row.orderId, orderRow(row)])),
    deadOrders: keysOf(reservations),
    heldOrders: keysOf(reservations.filter((one) => one.decision === null)),
    deadIdentities: new Set(dead.map((one) => one.identity)),
  };
}

type Id = string | null | undefined;

const keysOf = (dead: readonly { activityId?: Id; orderId?: Id }[]): Set<string> =>
  new Set(dead.map((one) => deadOrderKey(one.activityId ?? '', one.orderId ?? '')));

const eventsOf = (candidates: readonly Candidate[]) =>
  candidates.flatMap(({ record }) => (record.kind === 'event' ? [record.event] : []));
