// Writes what has been decided about a batch: plain multi-row inserts, and updates for the rest.
// Never an insert that overlooks what is there: what does not fit must be seen.
import { firstHead, nextHead } from '../../ledger/ledger.ts';
import { insertsOf } from '../insert-rows.ts';
import type { Em } from '../orm.ts';
import { runInTurn, type Statement } from '../statements.ts';
import type { OrderRow } from '../store.ts';
import type { ActivityView, BatchPlan, BatchView, NewDeadLetter } from './view.ts';

const ROWS_PER_INSERT = 250;
const DEAD_LETTERS_PER_INSERT = 10;
const MOVED_PER_UPDATE = 50;
/** What of an activity's `applied` row a batch may change. */
const MOVED: Readonly<Record<string, (to: ActivityView) => number | string | null>> = {
  epoch: (to) => to.epoch,
  seq: (to) => to.seq,
  sold: (to) => to.sold,
  stock: (to) => to.stock,
  alarm_epoch: (to) => to.alarmEpoch,
  alarm: (to) => to.alarm,
};

const ORDER_COLUMNS =
  'order_id, activity_id, sku_id, user_id, quantity, amount, currency, status, reason, epoch, seq, created_at, pay_by, recorded_at';
const DEAD_LETTER_COLUMNS =
  'identity, type, activity_id, sku_id, order_id, user_id, quantity, epoch, seq, text, reason, position, attempts, created_at';

export interface Writing {
  readonly plan: BatchPlan;
  readonly before: BatchView;
  readonly now: number;
}

export async function writePlan(em: Em, writing: Writing): Promise<void> {
  await runInTurn(em, statementsOf(em, writing));
}

/** In the order in which they are written; each is made when it is asked for. */
function* statementsOf(em: Em, { plan, before, now }: Writing): Generator<Statement> {
  yield* insertsOf(em, {
    into: `orders (${ORDER_COLUMNS})`,
    rows: plan.inserts,
    values: (row) => orderValues(row, now),
    size: ROWS_PER_INSERT,
  });
  yield* insertsOf(em, {
    into: `dead_letter (${DEAD_LETTER_COLUMNS})`,
    rows: plan.deadLetters,
    values: (letter) => deadLetterValues(letter, now),
    size: DEAD_LETTERS_PER_INSERT,
  });
  for (const row of plan.revived) yield revive(row);
  yield* settle(plan.settled);
  yield* addToLedgers(em, plan, before);
  const moved = [...plan.activities].filter(([activityId, activity]) => {
    const known = before.activities.get(activityId);
    return known === undefined || !isSame(known, activity);
  });
  yield* move(moved);
}

/** One page an activity: the head is of the whole batch, so a batch costs one row. */
const addToLedgers = (em: Em, { ledger }: BatchPlan, before: BatchView): Generator<Statement> =>
  insertsOf(em, {
    into: 'ledger_page (activity_id, body, head)',
    rows: [...ledger],
    values: ([activityId, added]) => {
      const lines = added.map((line) => line());
      const head = before.activities.get(activityId)?.ledgerHead ?? firstHead(activityId);
      return [activityId, lines.join('\n'), nextHead(head, lines)];
    },
    size: ROWS_PER_INSERT,
  });

function orderValues(row: OrderRow, now: number) {
  const { orderId, activityId, skuId, userId, quantity, amount, currency } = row;
  const { status, reason, epoch, seq, createdAt, payBy } = row;
  return [
    orderId,
    activityId,
    skuId,
    userId,
    quantity,
    amount,
    currency,
    status,
    reason,
    epoch,
    seq,
    createdAt,
    payBy,
    now,
  ];
}

const revive = (row: OrderRow): Statement => ({
  sql: `update orders set user_id = ?, quantity = ?, amount = ?, currency = ?, status = ?,
      reason = ?, epoch = ?, seq = ?, created_at = ?, pay_by = ? where order_id = ?`,
  parameters: [
    ...[row.userId, row.quantity, row.amount, row.currency, row.status, row.reason],
    ...[row.epoch, row.seq, row.createdAt, row.payBy, row.orderId],
  ],
});

function* settle(rows: readonly OrderRow[]): Generator<Statement> {
  const groups = Map.groupBy(rows, (row) => `${row.status} ${row.reason}`);
  for (const group of groups.values()) {
    const [{ status, reason } = { status: 'PENDING', reason: null }] = group;
    const ids = group.map((row) => row.orderId);
    const places = ids.map(() => '?').join(',');
    yield {
      sql: `update orders set status = ?, reason = ? where order_id in (${places})`,
      parameters: [status, reason, ...ids],
    };
  }
}

/** Many at once: a statement each would make a batch of a thousand activities a thousand times slow. */
function* move(activities: readonly (readonly [string, ActivityView])[]): Generator<Statement> {
  for (let at = 0; at < activities.length; at += MOVED_PER_UPDATE) {
    const chunk = activities.slice(at, at + MOVED_PER_UPDATE);
    const branches = chunk.map(() => 'when ? then ?').join(' ');
    const changes = Object.keys(MOVED).map(
      (column) => `${column} = case activity_id ${branches} end`,
    );
    const values = Object.values(MOVED).flatMap((read) =>
      chunk.flatMap(([activityId, activity]) => [activityId, read(activity)]),
    );
    const places = chunk.map(() => '?').join(',');
    yield {
      sql: `update applied set ${changes.join(', ')} where activity_id in (${places})`,
      parameters: [...values, ...chunk.map(([activityId]) => activityId)],
    };
  }
}

const isSame = (a: ActivityView, b: ActivityView): boolean =>
  a.epoch === b.epoch &&
  a.seq === b.seq &&
  a.sold === b.sold &&
  a.stock === b.stock &&
  a.alarmEpoch === b.alarmEpoch;

/** Facts that have not the form of ours stand in the text alone. */
function deadLetterValues({ identity, record, reason }: NewDeadLetter, now: number) {
  const end = [clean(reason).slice(0, 500), clean(record.position).slice(0, 300), 1, now];
  if (record.kind === 'unreadable') {
    const { activityId = null, skuId = null, epoch = null, seq = null } = record.lost ?? {};
    const place = [null, activityId, skuId, null, null, 0, countOf(epoch), countOf(seq)];
    return [identity, ...place, clean(record.text), ...end];
  }
  const { event } = record;
  const { order } = event;
  return [
    ...[identity, textOf(event.type, 16), textOf(event.activityId, 64), textOf(event.skuId, 32)],
    ...[
      textOf(order?.orderId, 64),
      textOf(order?.userId, 128),
      countOf(order?.quantity, 2 ** 31 - 1) ?? 0,
    ],
    ...[countOf(event.epoch), countOf(event.seq), JSON.stringify(event), ...end],
  ];
}

const textOf = (text: unknown, width: number): string | null =>
  typeof text === 'string' && text.length <= width ? text : null;

const countOf = (value: unknown, max = Number.MAX_SAFE_INTEGER): number | null =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max ? value : null;

/** SQLite ends a statement at a NUL, UTF-8 knows no half of a character. */
const clean = (text: string): string => text.replaceAll('\0', '\ufffd').toWellFormed();
