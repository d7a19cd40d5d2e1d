// The words of the scripts behind the port, parsed.
import { ORDER_STATUSES } from '../../shared/words.ts';
import { type PackedOrder, parsePackedOrder } from '../orders/packed-order.ts';
import type { Done, Known, Unknown } from './inventory.ts';

type Why = 'sold-out' | 'limit-reached' | 'late';
type FenceWhy = 'closed' | 'stale' | 'behind' | 'fork' | 'missing';

export type ScriptAnswer =
  | Done<'released'>
  | Done<'voided'>
  | Done<'settled'>
  | Done<'recovered'>
  | Known
  | Unknown
  | { readonly kind: 'refused'; readonly why: Why; readonly order: PackedOrder }
  | (Done<'lost'> & { readonly why: Why })
  | { readonly kind: 'adjusted'; readonly seq: number; readonly total: number }
  | { readonly kind: 'below-sold'; readonly sold: number }
  | { readonly kind: 'fenced'; readonly why: FenceWhy }
  | { readonly kind: 'not-loaded' };

const WHYS: Readonly<Record<string, Why>> = {
  sold_out: 'sold-out',
  limit_reached: 'limit-reached',
  late: 'late',
};
const FENCE_WHYS: readonly FenceWhy[] = ['closed', 'stale', 'behind', 'fork'];

/** Parses an answer given in an epoch; throws on one that no script of ours gives. */
export function parseAnswer(text: string, epoch: number): ScriptAnswer {
  const answer = read(text, epoch);
  if (answer === undefined) throw new Error(`a script answered "${text.slice(0, 80)}"`);
  return answer;
}

function read(text: string, epoch: number): ScriptAnswer | undefined {
  const [word = '', first = '', second = '', ...more] = text.split(' ');
  switch (word) {
    case 'released':
    case 'voided':
    case 'settled':
    case 'recovered':
      return withOrder([second, ...more], (order) => {
        const seq = wholeOf(first);
        return seq === undefined ? undefined : { kind: word, epoch, seq, order };
      });
    case 'known':
      return withOrder([second, ...more], (order) => {
        const status = ORDER_STATUSES.find((known) => known === first);
        return status === undefined ? undefined : { kind: word, status, order };
      });
    case 'refused':
      return withOrder([second, ...more], (order) => {
        const why = WHYS[first];
        return why === undefined ? undefined : { kind: word, why, order };
      });
    case 'lost':
      return withOrder(more, (order) => {
        const [seq, why] = [wholeOf(first), WHYS[second]];
        if (seq === undefined || why === undefined) return undefined;
        return { kind: word, epoch, seq, why, order };
      });
    default:
      return more.length === 0 ? readPlain(word, [first, second]) : undefined;
  }
}

function readPlain(word: string, [first, second]: [string, string]): ScriptAnswer | undefined {
  const [one, two] = [wholeOf(first), wholeOf(second)];
  if (word === 'adjusted' && one !== undefined && two !== undefined) {
    return { kind: word, seq: one, total: two };
  }
  if (second !== '') return undefined;
  if (word === 'below_sold' && one !== undefined) return { kind: 'below-sold', sold: one };
  if (word === 'unknown' && first === '') return { kind: word };
  if (word === 'not_loaded' && first === '') return { kind: 'not-loaded' };
  if (word === 'not_loaded' && first === 'missing') return { kind: 'fenced', why: first };
  const why = FENCE_WHYS.find((known) => known === first);
  return word === 'fenced' && why !== undefined ? { kind: word, why } : undefined;
}

function withOrder(
  facts: readonly string[],
  answer: (order: PackedOrder) => ScriptAnswer | undefined,
): ScriptAnswer | undefined {
  const order = parsePackedOrder(facts.join(' '));
  return order === undefined ? undefined : answer(order);
}

function wholeOf(text: string): number | undefined {
  const number = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(number) ? number : undefined;
}
