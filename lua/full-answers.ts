// What `reserve` answers, with the facts of new orders spelt out: the form of all other answers.
import { orderOf, parseHead } from '../origin/orders/order-batch.ts';
import { packOrder } from '../origin/orders/packed-order.ts';

interface Asked {
  readonly user: string;
  readonly quantity: number;
}

/** The sequence as text, then one answer per purchase. */
export function fullAnswers(reply: unknown, purchases: readonly Asked[]): string[] {
  const [first = '', ...answers] = Array.isArray(reply) ? reply.map(String) : [];
  const [sequence = '', ...shared] = first.split(' ');
  const head = parseHead(shared.join(' '));
  const full = answers.map((answer, at) => {
    const [, seq] = /^reserved (\d+)$/.exec(answer) ?? [];
    const { user = '', quantity = 0 } = purchases[at] ?? {};
    if (seq === undefined || head === undefined) return answer;
    const order = orderOf(head, { userId: user, quantity, seq: Number(seq) });
    return order === undefined ? answer : `reserved ${packOrder(order)}`;
  });
  return [sequence, ...full];
}
