// Payments as rows. Every change says from which state, so that two who decide at once cannot both.
import { type Em, lockClause } from '../orm.ts';
import type { PaymentRow, PaymentState, PaymentsStore, RefundCause } from '../payments-port.ts';

const MAX_ORDERS = 1_000;
const MAX_PAGE = 1_000;
const COLUMNS = `payment_id, order_id, held_order_id, amount, currency, state, cause, paid_at,
  received_at, attempts, next_attempt_at`;

type Argument<Name extends keyof PaymentsStore> = Parameters<PaymentsStore[Name]>[0];
type Answer<Name extends keyof PaymentsStore> = ReturnType<PaymentsStore[Name]>;

interface Columns {
  readonly payment_id: string;
  readonly order_id: string;
  readonly held_order_id: string | null;
  readonly amount: number | string;
  readonly currency: string;
  readonly state: PaymentState;
  readonly cause: RefundCause | null;
  readonly paid_at: number | string;
  readonly received_at: number | string;
  readonly attempts: number;
  readonly next_attempt_at: number | string;
}

function rowOf(columns: Columns): PaymentRow {
  return {
    paymentId: columns.payment_id,
    orderId: columns.order_id,
    amount: Number(columns.amount),
    currency: columns.currency,
    state: columns.state,
    cause: columns.cause,
    holdsOrder: columns.held_order_id !== null,
    paidAt: Number(columns.paid_at),
    receivedAt: Number(columns.received_at),
    attempts: columns.attempts,
    nextAttemptAt: Number(columns.next_attempt_at),
  };
}

export async function receivePayment(
  em: Em,
  payment: Argument<'receivePayment'>,
): Answer<'receivePayment'> {
  const { paymentId, orderId, amount, currency, outcome, paidAt, now, until } = payment;
  const state: PaymentState = outcome === 'succeeded' ? 'received' : 'failed';
  const known = await lockPayment(em, paymentId);
  if (known === undefined) {
    await em.execute(
      `insert into payment (payment_id, order_id, amount, currency, state, paid_at, received_at,
        updated_at, attempts, next_attempt_at) values (?, ?, ?, ?, ?, ?, ?, ?, 0, ?)`,
      [paymentId, orderId, amount, currency, state, paidAt, now, now, until],
      'run',
    );
  } else if (known.state === 'failed' && state === 'received') {
    await em.execute(
      `update payment set order_id = ?, amount = ?, currency = ?, state = ?, paid_at = ?,
        updated_at = ?, next_attempt_at = ? where payment_id = ?`,
      [orderId, amount, currency, state, paidAt, now, until, paymentId],
      'run',
    );
  } else {
    return { isNew: false, payment: known };
  }
  const stored = await findPayment(em, paymentId);
  if (stored === undefined) throw new Error('a payment is gone in its own transaction');
  return { isNew: true, payment: stored };
}

async function lockPayment(em: Em, paymentId: string): Promise<PaymentRow | undefined> {
  const [row] = await em.execute<Columns[]>(
    `select ${COLUMNS} from payment where payment_id = ? ${lockClause(em)}`,
    [paymentId],
  );
  return row === undefined ? undefined : rowOf(row);
}

export async function findPayment(em: Em, paymentId: string): Promise<PaymentRow | undefined> {
  const [row] = await em.execute<Columns[]>(`select ${COLUMNS} from payment where payment_id = ?`, [
    paymentId,
  ]);
  return row === undefined ? undefined : rowOf(row);
}

export async function paymentsOfOrders(em: Em, orderIds: readonly string[]): Promise<PaymentRow[]> {
  if (orderIds.length > MAX_ORDERS) throw new RangeError(`at most ${MAX_ORDERS} orders`);
  if (orderIds.length === 0) return [];
  const rows = await em.execute<Columns[]>(
    `select ${COLUMNS} from payment where order_id in (${orderIds.map(() => '?').join(',')})
      order by received_at, payment_id`,
    [...orderIds],
  );
  return rows.map(rowOf);
}

/** Two that hold one order at once meet at the unique key, and one begins anew. */
export async function holdOrder(em: Em, paymentId: string): Answer<'holdOrder'> {
  const payment = await lockPayment(em, paymentId);
  if (payment?.state !== 'received') return 'decided';
  if (payment.holdsOrder) return 'held';
  const [holder] = await em.execute<{ payment_id: string }[]>(
    `select payment_id from payment where held_order_id = ? ${lockClause(em)}`,
    [payment.orderId],
  );
  if (holder !== undefined) return 'taken';
  await em.execute(
    'update payment set held_order_id = order_id where payment_id = ?',
    [paymentId],
    'run',
  );
  return 'held';
}

export function applyPayment(em: Em, { paymentId, now }: Argument<'applyPayment'>) {
  return move(
    em,
    `update payment set state = 'applied', updated_at = ?
      where payment_id = ? and state = 'received' and held_order_id is not null`,
    [now, paymentId],
  );
}

export function returnPayment(
  em: Em,
  { paymentId, nextAttemptAt, cause, now }: Argument<'returnPayment'>,
): Answer<'returnPayment'> {
  return move(
    em,
    `update payment set state = 'refund-due', cause = ?, held_order_id = null, attempts = 0,
      updated_at = ? where payment_id = ? and next_attempt_at = ? and state = 'received'`,
    [cause, now, paymentId, nextAttemptAt],
  );
}

export function askRefund(
  em: Em,
  { orderId, cause, now }: Argument<'askRefund'>,
): Answer<'askRefund'> {
  return move(
    em,
    `update payment set state = 'refund-due', cause = ?, attempts = 0, next_attempt_at = ?,
      updated_at = ? where held_order_id = ? and state in ('received', 'applied')`,
    [cause, now, now, orderId],
  );
}

export function closePayment(em: Em, { paymentId, now }: Argument<'closePayment'>) {
  return move(
    em,
    `update payment set state = 'refunded', held_order_id = null, updated_at = ?
      where payment_id = ? and state = 'refund-due'`,
    [now, paymentId],
  );
}

async function move(em: Em, statement: string, values: unknown[]): Promise<boolean> {
  const { affectedRows } = await em.execute<{ affectedRows: number }>(statement, values, 'run');
  return affectedRows > 0;
}

export async function areAnyDue(em: Em, now: number): Promise<boolean> {
  const rows = await em.execute<unknown[]>(
    `select 1 from payment where state in ('received', 'refund-due') and next_attempt_at <= ?
      limit 1`,
    [now],
  );
  return rows.length > 0;
}

export async function takePayments(
  em: Em,
  { now, until, limit }: Argument<'takePayments'>,
): Promise<PaymentRow[]> {
  const rows = await em.execute<Columns[]>(
    `select ${COLUMNS} from payment where state in ('received', 'refund-due')
      and next_attempt_at <= ? order by next_attempt_at limit ? ${lockClause(em)}`,
    [now, Math.min(limit, MAX_PAGE)],
  );
  if (rows.length === 0) return [];
  await em.execute(
    `update payment set next_attempt_at = ?
      where payment_id in (${rows.map(() => '?').join(',')})`,
    [until, ...rows.map((row) => row.payment_id)],
    'run',
  );
  return rows.map((row) => ({ ...rowOf(row), nextAttemptAt: until }));
}

export async function postponePayment(
  em: Em,
  { paymentId, nextAttemptAt, until }: Argument<'postponePayment'>,
): Promise<void> {
  await em.execute(
    `update payment set attempts = attempts + 1, next_attempt_at = ?
      where payment_id = ? and next_attempt_at = ?`,
    [until, paymentId, nextAttemptAt],
    'run',
  );
}

export async function hastenPayments(em: Em, now: number): Promise<void> {
  await em.execute(
    `update payment set next_attempt_at = ? where state in ('received', 'refund-due')
      and next_attempt_at > ?`,
    [now, now],
    'run',
  );
}
