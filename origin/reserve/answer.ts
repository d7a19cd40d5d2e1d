// The words of `lua/reserve.lua`, parsed.
import { isUserId, ORDER_STATUSES, type OrderStatus } from '../../shared/words.ts';

/** What Redis keeps of an order besides its status. */
export interface PackedOrder {
  readonly userId: string;
  readonly quantity: number;
  readonly amount: number;
  readonly createdAt: number;
  readonly payBy: number;
  readonly epoch: number;
  readonly seq: number;
}

export type ReserveAnswer =
  | {
      readonly kind: 'reserved';
      readonly seq: number;
      readonly createdAt: number;
      readonly payBy: number;
      readonly amount: number;
    }
  | { readonly kind: 'known'; readonly status: OrderStatus; readonly order: PackedOrder }
  | { readonly kind: 'limit-reached' }
  | { readonly kind: 'sold-out' }
  | { readonly kind: 'not-loaded' }
  | { readonly kind: 'paused' }
  | { readonly kind: 'not-open' }
  | { readonly kind: 'ended' }
  | { readonly kind: 'fenced'; readonly why: 'closed' | 'stale' | 'behind' };

/** Parses one answer; throws on a word that the script does not know. */
export function parseReserveAnswer(text: string): ReserveAnswer {
  const [word = '', ...parts] = text.split(' ');
  switch (word) {
    case 'reserved': {
      const [seq, createdAt, payBy, amount] = parts.map(Number);
      return {
        kind: 'reserved',
        seq: whole(seq),
        createdAt: whole(createdAt),
        payBy: whole(payBy),
        amount: whole(amount),
      };
    }
    case 'known': {
      const status = ORDER_STATUSES.find((known) => known === parts[0]);
      const order = parsePackedOrder(parts.slice(1).join(' '));
      if (status === undefined || order === undefined) break;
      return { kind: 'known', status, order };
    }
    case 'fenced':
      return { kind: 'fenced', why: fencedWhy(parts[0]) };
    case 'limit_reached':
      return { kind: 'limit-reached' };
    case 'sold_out':
      return { kind: 'sold-out' };
    case 'not_loaded':
      return { kind: 'not-loaded' };
    case 'not_open':
      return { kind: 'not-open' };
    case 'paused':
    case 'ended':
      return { kind: word };
  }
  throw new Error(`reserve answered "${text.slice(0, 80)}"`);
}

/** The facts in an `order:` value, or undefined when it has another form. */
export function parsePackedOrder(text: string): PackedOrder | undefined {
  const [userId, ...numbers] = text.split(' ');
  const [quantity, amount, createdAt, payBy, epoch, seq] = numbers.map(Number);
  if (userId === undefined || !isUserId(userId) || numbers.length !== 6) return undefined;
  return {
    userId,
    quantity: whole(quantity),
    amount: whole(amount),
    createdAt: whole(createdAt),
    payBy: whole(payBy),
    epoch: whole(epoch),
    seq: whole(seq),
  };
}

/** The `order:` value of an order, as `reserve` writes it. */
export function packOrder(order: PackedOrder): string {
  const { userId, quantity, amount, createdAt, payBy, epoch, seq } = order;
  return [userId, quantity, amount, createdAt, payBy, epoch, seq].join(' ');
}

function fencedWhy(word: string | undefined): 'closed' | 'stale' | 'behind' {
  if (word === 'closed' || word === 'stale' || word === 'behind') return word;
  throw new Error(`reserve answered "fenced ${word}"`);
}

function whole(value: number | undefined): number {
  if (value === undefined || !Number.isSafeInteger(value)) throw new Error('not a whole number');
  return value;
}
