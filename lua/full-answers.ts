// What `reserve` answers, with the facts of new orders spelt out: the form of all other answers.
import { orderOf } from '../origin/orders/order-batch.ts';
import { packOrder } from '../origin/orders/packed-order.ts';
import { parseReserveReply } from '../origin/reserve/answer.ts';

interface Asked {
  readonly user: string;
  readonly quantity: number;
}

/** The sequence as text, then one answer per purchase. */
export function fullAnswers(reply: unknown, purchases: readonly Asked[]): string[] {
  const { sequence, head, answers } = parseReserveReply(reply);
  const full = answers.map(({ text, seq }, at) => {
    const { user: userId = '', quantity = 0 } = purchases[at] ?? {};
    const order =
      text === 'reserved' && head !== undefined
        ? orderOf(head, { userId, quantity, seq })
        : undefined;
    return order === undefined ? text : `reserved ${packOrder(order)}`;
  });
  return [String(sequence), ...full];
}
