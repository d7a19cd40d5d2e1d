// Orders whose reservation is an undecided dead letter: they hold their units and their user's count,
// so Redis must know them too, as the last event that waits with them says.
import type { OrderEventType } from '../../shared/order-event.ts';
import { parseOrderId } from '../../shared/order-id.ts';
import { isUserId, type OrderStatus } from '../../shared/words.ts';
import { eventOf } from '../store/apply/decide-letter.ts';
import type { Store } from '../store/store.ts';
import type { RestoredOrder } from './restore-orders.ts';

const PAGE = 500;

/** What cannot be told apart as an order (an id or user of another form) is left to the operator. */
export async function heldOrders(
  store: Pick<Store, 'deadLettersPage'>,
  activityId: string,
): Promise<readonly RestoredOrder[]> {
  const held = new Map<string, RestoredOrder>();
  let afterId = 0;
  for (;;) {
    const page = await store.deadLettersPage({
      afterId,
      limit: PAGE,
      activityId,
      which: 'undecided',
    });
    const last = page.at(-1);
    if (last === undefined) return [...held.values()];
    for (const letter of page) {
      const event = eventOf(letter);
      if (event?.order === undefined) continue;
      const { orderId, userId, quantity, amount, createdAt, payBy } = event.order;
      const { epoch, seq } = event;
      if (event.type === 'reserved' && parseOrderId(orderId) && isUserId(userId)) {
        const facts = { userId, quantity, amount, createdAt, payBy, epoch, seq };
        held.set(orderId, { orderId, ...facts, status: 'PENDING' });
      }
      const [order, status] = [held.get(orderId), statusOf(event.type)];
      if (order !== undefined) held.set(orderId, { ...order, status });
    }
    afterId = last.id;
  }
}

function statusOf(type: OrderEventType): OrderStatus {
  if (type === 'cancelled') return 'CANCELLED';
  return type === 'paid' ? 'PAID' : 'PENDING';
}
