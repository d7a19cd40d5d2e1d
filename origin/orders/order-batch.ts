// Orders as Redis keeps them: by batch, one text for some that one call reserved (`lua/include/batch.lua`),
// and the index of what is due by batch too (`lua/include/due.lua`). A batch's text never changes;
// an order that was recovered stands in two, and its status names the one that counts.
import { ORDER_STATUSES, type OrderStatus } from '../../shared/words.ts';
import { type PackedOrder, packOrder, parsePackedOrder } from './packed-order.ts';

/** A stored status: `PENDING 3-17`, the batch behind it. */
export interface StoredStatus {
  readonly status: OrderStatus;
  readonly batch: string;
}

const STATUS = /^([A-Z]+) (\S+)$/;
const HEAD = /^(\d{1,16}) (\d{1,16} \d{1,16} \d{1,16})$/;
const LINE = /^(\S+) (\d{1,16}) (\d{1,16})$/;
const PER_BATCH = 1_024;

export function parseStatus(text: unknown): StoredStatus | undefined {
  const parts = typeof text === 'string' ? STATUS.exec(text) : null;
  const status = ORDER_STATUSES.find((known) => known === parts?.[1]);
  return status === undefined ? undefined : { status, batch: parts?.[2] ?? '' };
}

export const statusText = ({ status, batch }: StoredStatus): string => `${status} ${batch}`;

/** The facts of one order of a batch; undefined where it has none that can be read. */
export function factsIn(text: string, ulid: string): PackedOrder | undefined {
  const at = text.indexOf(`\n${ulid} `);
  if (at < 0) return undefined;
  const from = at + ulid.length + 2;
  const end = text.indexOf('\n', from);
  return factsOf(headOf(text), text.slice(from, end < 0 ? undefined : end));
}

/** All orders of a batch whose facts can be read, in its order. */
export function ordersIn(text: string): ReadonlyMap<string, PackedOrder> {
  const [head = '', ...lines] = text.split('\n');
  const orders = new Map<string, PackedOrder>();
  for (const line of lines) {
    const ulid = line.slice(0, Math.max(0, line.indexOf(' ')));
    const order = factsOf(head, line.slice(ulid.length + 1));
    if (ulid !== '' && order !== undefined) orders.set(ulid, order);
  }
  return orders;
}

const headOf = (text: string): string => text.slice(0, Math.max(0, text.indexOf('\n')));

function factsOf(head: string, line: string): PackedOrder | undefined {
  const [own, shared] = [LINE.exec(line), HEAD.exec(head)];
  if (own === null || shared === null) return parsePackedOrder(line);
  const [, user, quantity, seq] = own;
  const amount = Number(shared[1]) * Number(quantity);
  return parsePackedOrder([user, quantity, amount, shared[2], seq].join(' '));
}

/** The text of a batch of orders that share nothing. */
export const batchText = (orders: ReadonlyMap<string, PackedOrder>): string =>
  ['-', ...[...orders].map(([ulid, order]) => `${ulid} ${packOrder(order)}`)].join('\n');

/** Where a batch of which so many orders are PENDING stands in the index of what is due. */
export const dueScore = (payBy: number, pending: number): number => payBy * PER_BATCH + pending;

/** The highest place of what is due at `atMs`. */
export const dueUntil = (atMs: number): number => dueScore(atMs + 1, 0) - 1;

export const payByOf = (score: number): number => Math.floor(score / PER_BATCH);
