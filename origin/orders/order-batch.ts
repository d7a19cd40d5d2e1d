// Orders as Redis keeps them: by batch, one text for some that one call reserved (`lua/include/batch.lua`),
// and the index of what is due by batch too (`lua/include/due.lua`). Which batch an order stands in
// is told beside them, by the first letters of its ulid.
import { isPackedOrder, type PackedOrder, packOrder, parsePackedOrder } from './packed-order.ts';

const HEAD = /^(\d{1,16}) (\d{1,16}) (\d{1,16}) (\d{1,16}) (\d{1,16})$/;
const LINE = /^(\d{1,16}) (\S+)$/;
const PER_BATCH = 1_024;

/** The letters of a ulid that tell its millisecond, and those that tell orders of one apart. */
const PLACE_LETTERS = 10;
const TELLING_LETTERS = 2;
const PLACES = '@';

/** Where the batches are told of orders with the first letters of this ulid. */
export const placesField = (ulid: string): string => PLACES + ulid.slice(0, PLACE_LETTERS);

export const isBatchField = (field: string): boolean => !field.startsWith(PLACES);

/** The batches that an order may stand in: nearly always one. */
export function placesOf(ulid: string, places: string): readonly string[] {
  const letters = ulid.slice(-TELLING_LETTERS);
  return places
    .split(' ')
    .map((place) => place.split(':'))
    .flatMap(([batch = '', told = '']) => (told.includes(letters) ? [batch] : []));
}

/** The facts of one order of a batch; undefined where it has none that can be read. */
export function factsIn(text: string, ulid: string): PackedOrder | undefined {
  const at = text.indexOf(`\n${ulid} `);
  if (at < 0) return undefined;
  const end = text.indexOf('\n', at + 1);
  const line = text.slice(at + 1 + ulid.length + 1, end < 0 ? undefined : end);
  const [head = '', ...before] = text.slice(0, at).split('\n');
  return factsOf(parseHead(head), line, before.length);
}

/** All orders of a batch whose facts can be read, in its order. */
export function ordersIn(text: string): ReadonlyMap<string, PackedOrder> {
  const [head = '', ...lines] = text.split('\n');
  const shared = parseHead(head);
  const orders = new Map<string, PackedOrder>();
  for (const [at, line] of lines.entries()) {
    const ulid = line.slice(0, Math.max(0, line.indexOf(' ')));
    const order = factsOf(shared, line.slice(ulid.length + 1), at);
    if (ulid !== '' && order !== undefined) orders.set(ulid, order);
  }
  return orders;
}

/** Lines tell `quantity user`, where the first line tells the rest, or else all. */
function factsOf(head: Head | undefined, line: string, at: number): PackedOrder | undefined {
  const own = LINE.exec(line);
  if (own === null || head === undefined) return parsePackedOrder(line);
  const [, quantity, userId = ''] = own;
  return orderOf(head, { userId, quantity: Number(quantity), seq: head.first + at });
}

/** What orders of one call share. */
export interface Head extends Pick<PackedOrder, 'createdAt' | 'payBy' | 'epoch'> {
  readonly price: number;
  /** The sequence of the first one; the others follow without a gap. */
  readonly first: number;
}

export function parseHead(text: string): Head | undefined {
  const [, price, createdAt, payBy, epoch, first] = HEAD.exec(text)?.map(Number) ?? [];
  if (price === undefined || createdAt === undefined || first === undefined) return undefined;
  if (payBy === undefined || epoch === undefined) return undefined;
  return { price, createdAt, payBy, epoch, first };
}

type Own = Pick<PackedOrder, 'userId' | 'quantity' | 'seq'>;

/** An order of which this is its own; undefined where its numbers cannot be kept. */
export function orderOf(head: Head, own: Own): PackedOrder | undefined {
  const { price, createdAt, payBy, epoch } = head;
  const order = { ...own, amount: price * own.quantity, createdAt, payBy, epoch };
  return isPackedOrder(order) ? order : undefined;
}

/** The text of a batch of orders that share nothing. */
export const batchText = (orders: ReadonlyMap<string, PackedOrder>): string =>
  ['-', ...[...orders].map(([ulid, order]) => `${ulid} ${packOrder(order)}`)].join('\n');

/** Where a batch of which so many orders are PENDING stands in the index of what is due. */
export const dueScore = (payBy: number, pending: number): number => payBy * PER_BATCH + pending;

/** The highest place of what is due at `atMs`. */
export const dueUntil = (atMs: number): number => dueScore(atMs + 1, 0) - 1;

export const payByOf = (score: number): number => Math.floor(score / PER_BATCH);
