// The ledger of a sale: a line for each event that the writer has applied, in the order of their
// numbers, each page chained to the one before it by a hash. Whoever holds a head of it, as every
// buyer does, sees when an earlier line is changed, left out or put in.
import { createHash } from 'node:crypto';
import type { OrderEvent } from '../../shared/order-event.ts';

/**
 * What became of an event: `done`; `kept`, a cancellation whose units stay counted as sold; `known`, it
 * changed nothing; `guarded`, a reservation above the stock, recorded CANCELLED;
 * `fenced`, a reservation outside the sequence, recorded CANCELLED; `dead`, a record that could not
 * be written; `replayed` and `discarded`, what was decided about such a record later; `former` and
 * `former-kept`, as `done` and `kept`, of an order whose activity is closed: such lines have no number
 * of their own and name that of the reservation.
 */
export const LEDGER_OUTCOMES = [
  'done',
  'kept',
  'known',
  'guarded',
  'fenced',
  'dead',
  'replayed',
  'discarded',
  'former',
  'former-kept',
] as const;
export type LedgerOutcome = (typeof LEDGER_OUTCOMES)[number];

/** Lines of one transaction of the writer, and the head of the chain after them. */
export interface LedgerPage {
  readonly lines: readonly string[];
  /** SHA-256, lower-case hex. */
  readonly head: string;
}

/** A JSON array: epoch, number, type, order or null, units (of `adjusted`: the stock), outcome, reason. */
export function ledgerLine(
  { epoch, seq, type, order, stock }: OrderEvent,
  outcome: LedgerOutcome,
): string {
  const { orderId, quantity, reason } = order ?? {};
  const facts = [epoch, seq, short(type), short(orderId), quantity ?? stock ?? 0, outcome];
  return JSON.stringify([...facts, short(reason)]);
}

/** What became of an order when its activity was closed. */
export function formerLine(
  { epoch, seq, orderId, quantity }: Former,
  { type, reason, outcome }: FormerEnd,
): string {
  return JSON.stringify([epoch, seq, type, orderId, quantity, outcome, reason]);
}

export interface Former {
  readonly epoch: number;
  readonly seq: number;
  readonly orderId: string;
  readonly quantity: number;
}

export interface FormerEnd {
  readonly type: 'paid' | 'cancelled';
  readonly reason: string | null;
  readonly outcome: 'former' | 'former-kept';
}

/** The line that opens a ledger: the stock that the sale began with. */
export const openingLine = (epoch: number, stock: number): string =>
  JSON.stringify([epoch, 0, 'loaded', null, stock, 'done', null]);

/** An outbox entry that nobody could read: the numbers up to its own say nothing. */
export const lostLine = ({ epoch, seq }: { epoch: number; seq: number }): string =>
  JSON.stringify([epoch, seq, 'lost', null, 0, 'dead', null]);

/** A record that could not be written may hold anything where a word should stand. */
const short = (text: unknown): string | null =>
  typeof text === 'string' && text.length <= 64 ? text : null;

/** The head before the first page: every sale has another. */
export const firstHead = (activityId: string): string => sha256(`ledger of ${activityId}`);

export const nextHead = (head: string, lines: readonly string[]): string =>
  sha256(`${head}\n${lines.join('\n')}`);

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
