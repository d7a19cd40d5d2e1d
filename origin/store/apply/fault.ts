// Why an event can never be written, if so. Its reader may have checked its form already; the one
// on the embedded stack has not, so it is checked here, for both.
import * as v from 'valibot';
import { type OrderEvent, type OrderFacts, orderEventSchema } from '../../../shared/order-event.ts';
import { parseOrderId } from '../../../shared/order-id.ts';
import { isSkuId, isUserId } from '../../../shared/words.ts';

const MAX_QUANTITY = 2 ** 31 - 1;
const MAX_ID_LENGTH = 64;
const CURRENCY = /^[A-Z]{3}$/;

/** A sentence for the dead letter, or undefined when the event can be written. */
export function faultOf(event: OrderEvent): string | undefined {
  const form = v.safeParse(orderEventSchema, event);
  if (!form.success) {
    const [issue] = form.issues;
    return `${v.getDotPath(issue) ?? 'event'}: ${issue.message}`;
  }
  if (!isSkuId(event.skuId)) return 'skuId has another form';
  if (event.activityId.length > MAX_ID_LENGTH) return 'activityId is too long';
  switch (event.type) {
    case 'epoch':
      return undefined;
    case 'adjusted':
      return event.stock === undefined ? 'an adjustment without its stock' : undefined;
    case 'reserved':
    case 'paid':
    case 'cancelled':
      return event.order === undefined ? 'no order' : orderFault(event, event.order);
  }
}

function orderFault(event: OrderEvent, order: OrderFacts): string | undefined {
  if (parseOrderId(order.orderId)?.skuId !== event.skuId) return 'orderId is none of this SKU';
  if (!isUserId(order.userId)) return 'userId has another form';
  if (order.quantity < 1 || order.quantity > MAX_QUANTITY) return 'quantity is out of range';
  if (!CURRENCY.test(order.currency)) return 'currency has another form';
  if (event.type === 'cancelled' && order.reason === undefined) return 'cancelled without a reason';
  return undefined;
}
