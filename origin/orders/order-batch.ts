// Orders as Redis keeps them: by batch, one text for some that one call reserved (`lua/include/batch.lua`),
// and the index of what is due by batch too (`lua/include/due.lua`). Which batch an order stands in
// is told beside them, by the first letters of its ulid.
import { isPackedOrder, type PackedOrder, packOrder, parsePackedOrder } from './packed-order.ts';

const HEAD = /^(\d{1,16}) (\d{1,16}) (\d{1,16}) (\d{1,16})$/;
const LINE = /^(\S+) (\d{1,16}) (\d{1,16})$/;
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
  const from = at + ulid.length + 2;
  const end = text.indexOf('\n', from);
  return factsOf(parseHead(headOf(text)), text.slice(from, end < 0 ? undefined : end));
}

/** All orders of a batch whose facts can be read, in its order. */
export function ordersIn(text: string): ReadonlyMap<string, PackedOrder> {
  const [head = '', ...lines] = text.split('\n');
  const shared = parseHead(head);
  const orders = new Map<string, PackedOrder>();
  for (const line of lines) {
    const ulid = line.slice(0, Math.max(0, line.indexOf(' ')));
    const order = factsOf(shared, line.slice(ulid.length + 1));
    if (ulid !== '' && order !== undefined) orders.set(ulid, order);
  }
  return orders;
}

const headOf = (text: string): string => text.slice(0, Math.max(0, text.indexOf('\n')));

function factsOf(shared: Head | undefined, line: string): PackedOrder | undefined {
  const own = LINE.exec(line);
  if (own === null || shared === undefined) return parsePackedOrder(line);
  const [, userId = '', quantity, seq] = own;
  return orderOf(shared, { userId, quantity: Number(quantity), seq: Number(seq) });
}

/** What orders of one call share. */
export interface Head extends Pick<PackedOrder, 'createdAt' | 'payBy' | 'epoch'> {
  readonly price: number;
}

export function parseHead(text: string): Head | undefined {
  const [, price, createdAt, payBy, epoch] = HEAD.exec(text)?.map(Number) ?? [];
  if (price === undefined || createdAt === undefined) return undefined;
  if (payBy === undefined || epoch === undefined) return undefined;
  return { price, createdAt, payBy, epoch };
}

type Own = Pick<PackedOrder, 'userId' | 'quantity' | 'seq'>;

/** An order of which this is its own; undefined where its numbers cannot be kept. */
export function orderOf({ price, ...shared }: Head, own: Own): PackedOrder | undefined {
  const order = { ...own, amount: price * own.quantity, ...shared };
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
