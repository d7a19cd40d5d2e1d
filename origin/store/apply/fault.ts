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
  const fault = isPlainReservation(event) ? undefined : formFault(event);
  if (fault !== undefined) return fault;
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

function formFault(event: OrderEvent): string | undefined {
  const form = v.safeParse(orderEventSchema, event);
  if (form.success) return undefined;
  const [issue] = form.issues;
  return `${v.getDotPath(issue) ?? 'event'}: ${issue.message}`;
}

function orderFault(event: OrderEvent, order: OrderFacts): string | undefined {
  if (parseOrderId(order.orderId)?.skuId !== event.skuId) return 'orderId is none of this SKU';
  if (!isUserId(order.userId)) return 'userId has another form';
  if (order.quantity < 1 || order.quantity > MAX_QUANTITY) return 'quantity is out of range';
  if (!CURRENCY.test(order.currency)) return 'currency has another form';
  if (event.type === 'cancelled' && order.reason === undefined) return 'cancelled without a reason';
  return undefined;
}

/**
 * Whether it has the form of a reservation, told without the schema: in a rush nearly all events are
 * reservations, and the schema takes longer over them than all that is decided about them. Whatever
 * this does not recognise, the schema judges.
 */
export function isPlainReservation(event: OrderEvent): boolean {
  const { order } = event;
  return (
    event.version === 1 &&
    event.type === 'reserved' &&
    event.restock === undefined &&
    event.stock === undefined &&
    isText(event.activityId) &&
    isText(event.skuId) &&
    isCount(event.epoch) &&
    isCount(event.seq) &&
    isCount(event.at) &&
    typeof order === 'object' &&
    order !== null &&
    isPlainOrder(order)
  );
}

const isPlainOrder = (order: OrderFacts): boolean =>
  order.status === 'PENDING' &&
  order.reason === undefined &&
  isText(order.orderId) &&
  isText(order.userId) &&
  isText(order.currency) &&
  isCount(order.quantity) &&
  isCount(order.amount) &&
  isCount(order.createdAt) &&
  isCount(order.payBy);

const isText = (value: unknown): boolean => typeof value === 'string';

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
