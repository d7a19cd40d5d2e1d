// The words of `lua/reserve.lua`, parsed.
import { ORDER_STATUSES, type OrderStatus } from '../../shared/words.ts';
import { type Head, orderOf, parseHead } from '../orders/order-batch.ts';
import { type PackedOrder, parsePackedOrder } from '../orders/packed-order.ts';

export type ReserveAnswer =
  | { readonly kind: 'reserved'; readonly order: PackedOrder }
  | { readonly kind: 'known'; readonly status: OrderStatus; readonly order: PackedOrder }
  | { readonly kind: 'lapsed' }
  | { readonly kind: 'limit-reached' }
  | { readonly kind: 'sold-out'; readonly unitsMayReturn: boolean }
  /** `missing`: nothing of the activity stands there, or not all of it; else another activity. */
  | { readonly kind: 'not-loaded'; readonly missing: boolean }
  | { readonly kind: 'paused' }
  | { readonly kind: 'not-open' }
  | { readonly kind: 'ended' }
  /** Memory or outbox leave room only for what ends orders. */
  | { readonly kind: 'busy' }
  | { readonly kind: 'fenced'; readonly why: 'closed' | 'stale' | 'behind' };

export interface ReserveReply {
  /** The activity's sequence now. */
  readonly sequence: number;
  /** What new orders share. */
  readonly head: Head | undefined;
  /** One for each purchase, not parsed yet. */
  readonly answers: readonly NumberedText[];
}

export interface NumberedText {
  readonly text: string;
  /** The number of the order, where it is a new one. */
  readonly seq: number;
}

/** Takes a reply apart; throws where it is none of the script. */
export function parseReserveReply(reply: unknown): ReserveReply {
  if (!Array.isArray(reply)) throw new Error('reserve answered no list');
  const [first = '', ...texts] = reply.map(String);
  const end = first.indexOf(' ');
  const sequence = Number(first.slice(0, end < 0 ? undefined : end));
  if (!Number.isSafeInteger(sequence)) throw new Error(`reserve answered "${first.slice(0, 80)}"`);
  const head = parseHead(first.slice(end + 1));
  let next = head?.first ?? 0;
  const answers = texts.map((text) => {
    const seq = next;
    if (text === 'reserved') next += 1;
    return { text, seq };
  });
  return { sequence, head, answers };
}

/** What was asked, and what new orders share. */
export interface Asked {
  readonly userId: string;
  readonly quantity: number;
  readonly head: Head | undefined;
}

/** Parses one answer; throws on a word that the script does not know. */
export function parseReserveAnswer(
  { text, seq }: NumberedText,
  { userId, quantity, head }: Asked,
): ReserveAnswer {
  const [word = '', ...parts] = text.split(' ');
  switch (word) {
    case 'reserved': {
      const order = head && orderOf(head, { userId, quantity, seq });
      if (order === undefined || parts.length > 0) break;
      return { kind: 'reserved', order };
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
      return { kind: 'sold-out', unitsMayReturn: parts[0] === 'held' };
    case 'not_loaded':
      return { kind: 'not-loaded', missing: parts[0] === 'missing' };
    case 'not_open':
      return { kind: 'not-open' };
    case 'lapsed':
    case 'paused':
    case 'ended':
    case 'busy':
      return { kind: word };
  }
  throw new Error(`reserve answered "${text.slice(0, 80)}"`);
}

function fencedWhy(word: string | undefined): 'closed' | 'stale' | 'behind' {
  if (word === 'closed' || word === 'stale' || word === 'behind') return word;
  throw new Error(`reserve answered "fenced ${word}"`);
}
