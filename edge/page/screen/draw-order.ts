// An order: to be paid, paid, cancelled.
import type { Order } from '../answers.ts';
import { serverNow } from '../server-clock.ts';
import type { SeenOrder } from '../view.ts';
import { clockText, countText, moneyText, timeText } from '../words/figures.ts';
import { plainReason } from '../words/plain-reasons.ts';
import { words } from '../words/words.ts';
import { type Drawing, type Fact, ordersUnder } from './drawing.ts';

export function drawOrder(seen: SeenOrder): Drawing {
  const say = words();
  const { order, others, receipt, note, isMoreAllowed } = seen;
  const drawing: Drawing = {
    ...drawStatus(order),
    facts: orderFacts(order),
    ...(note !== '' && { notice: note }),
    ...ordersUnder(say.otherOrders, others),
  };
  const isCancelled = order.status === 'CANCELLED';
  return {
    ...drawing,
    ...(isMoreAllowed && (isCancelled ? { act: say.buyAgain } : { another: say.buyAnother })),
    ...(receipt !== undefined &&
      !isCancelled && { proofs: [{ name: say.receipt, text: receipt, note: say.receiptNote }] }),
  };
}

function drawStatus(order: Order): Drawing {
  const say = words();
  switch (order.status) {
    case 'PAID':
      return { figure: '✓', headline: say.paid, detail: say.thankYou };
    case 'PENDING':
      return drawPending(order);
    case 'CANCELLED':
      return {
        headline: order.reason === 'EXPIRED' ? say.expired : say.cancelled,
        detail: plainReason(order.reason),
      };
  }
}

function drawPending(order: Order): Drawing {
  const say = words();
  const { payBy, paymentUrl } = order;
  const leftMs = payBy - serverNow();
  if (leftMs <= 0) return { headline: say.timeIsUp, detail: say.timeIsUpNext };
  const until = timeText(payBy);
  return {
    figure: clockText(leftMs),
    caption: say.timeLeft,
    headline: say.reserved,
    detail: paymentUrl === undefined ? say.keptUntil(until) : say.payToKeep(until),
    ...(paymentUrl && { pay: { text: say.payNow(moneyText(order)), url: paymentUrl } }),
    cancel: say.cancelOrder,
  };
}

function orderFacts(order: Order): Fact[] {
  const say = words();
  const statuses = {
    PENDING: say.statusPending,
    PAID: say.statusPaid,
    CANCELLED: say.statusCancelled,
  };
  return [
    [say.order, order.orderId],
    [say.status, statuses[order.status]],
    ...(order.quantity > 1 ? [[say.quantity, countText(order.quantity)] as const] : []),
    [say.amount, moneyText(order)],
    [say.record, order.persisted === true ? say.written : say.beingWritten],
  ];
}
