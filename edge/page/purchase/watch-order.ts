// An order for as long as the page is open: its payment, its end, and the receipt where nobody knows
// it any more.
import type { Order, Refused } from '../answers.ts';
import { cancelOrder, findOrder, type OrderAnswer, showReceipt } from '../api.ts';
import {
  forgetSession,
  rememberedOrders,
  rememberedReceipt,
  rememberOrders,
  rememberReceipt,
} from '../memory.ts';
import { pause, pauseUntilSeen } from '../pause.ts';
import { serverNow } from '../server-clock.ts';
import { plainRefusal } from '../words/plain-reasons.ts';
import { words } from '../words/words.ts';
import {
  buyerOf,
  leavesRoom,
  type PurchaseFlow,
  pauseToRetry,
  retryIn,
  retrySecondsAfter,
} from './flow.ts';

const LOOK_SECONDS = { unwritten: 1, unpaid: 10, late: 2, settled: 30 };

/** Shows the order and its changes; ends only where nobody knows the order. */
export async function watchOrder(
  flow: PurchaseFlow,
  known: { readonly order: Order; readonly note?: string },
): Promise<void> {
  let { order, note = '' } = known;
  let failures = 0;
  /** As the last answer asked. */
  let leastSeconds = 0;
  keep(flow, order);
  for (;;) {
    showOrder(flow, order, note);
    const seconds = Math.max(lookSeconds(order) * (1 + failures), leastSeconds);
    await (leastSeconds > 0 ? pause(seconds, flow.signal) : pauseUntilSeen(seconds, flow.signal));
    const answer = await findOrder({ orderId: order.orderId, token: flow.session.token });
    flow.signal.throwIfAborted();
    if (answer.kind === 'order') {
      [order, note, failures, leastSeconds] = [answer.order, '', 0, 0];
      // What else may be bought depends on how the sale stands.
      if (order.status !== 'PENDING') await flow.lookAtSale();
      flow.signal.throwIfAborted();
    } else if (isDecided(answer)) {
      return meetUnknown(flow, order.orderId, answer);
    } else {
      failures = Math.min(failures + 1, 5);
      leastSeconds = answer.slug === 'no-answer' ? 0 : (answer.retryAfterSeconds ?? 0);
      note = plainRefusal(answer);
    }
  }
}

/** The same for an order of which only the id is known here. */
export async function findAndWatch(flow: PurchaseFlow, orderId: string): Promise<void> {
  for (let failures = 0; ; failures += 1) {
    const answer = await findOrder({ orderId, token: flow.session.token });
    flow.signal.throwIfAborted();
    if (answer.kind === 'order') return watchOrder(flow, answer);
    if (isDecided(answer)) return meetUnknown(flow, orderId, answer);
    await waitToRetry(flow, answer, failures);
  }
}

/** Gives the unit back; what became of it is shown with the order. */
export async function cancelAndWatch(flow: PurchaseFlow, order: Order): Promise<void> {
  showOrder(flow, order, words().cancelling);
  const { orderId } = order;
  const answer = await cancelOrder({ orderId, token: flow.session.token });
  flow.signal.throwIfAborted();
  if (answer.kind === 'order') return watchOrder(flow, answer);
  if (answer.slug === 'unauthenticated') return signInAgain(flow);
  const isPaid = answer.slug === 'already-paid';
  return watchOrder(flow, { order, note: isPaid ? words().alreadyPaid : plainRefusal(answer) });
}

function showOrder(flow: PurchaseFlow, order: Order, note: string): void {
  const others = rememberedOrders(buyerOf(flow)).filter((other) => other !== order.orderId);
  const receipt = rememberedReceipt(order.orderId);
  const isMoreAllowed = leavesRoom(flow, order);
  flow.show({ kind: 'order', seen: { order, others, isMoreAllowed, receipt, note } });
}

function keep(flow: PurchaseFlow, { orderId, receipt }: Order): void {
  rememberOrders(buyerOf(flow), [orderId]);
  if (receipt !== undefined) rememberReceipt(orderId, receipt);
}

/** Soon where something is about to change, and at the end of the time to pay. */
function lookSeconds({ status, persisted, payBy }: Order): number {
  if (persisted !== true) return LOOK_SECONDS.unwritten;
  if (status !== 'PENDING') return LOOK_SECONDS.settled;
  const left = (payBy - serverNow()) / 1000;
  if (left <= 0) return LOOK_SECONDS.late;
  return Math.min(LOOK_SECONDS.unpaid, left + 1);
}

/** Asking again changes nothing about it. */
function isDecided({ slug }: Refused): boolean {
  return slug === 'unknown-order' || slug === 'unauthenticated' || slug === 'forbidden';
}

/** A receipt proves an order that a failure has lost: the page shows it without being asked. */
async function meetUnknown(flow: PurchaseFlow, orderId: string, refusal: Refused): Promise<void> {
  if (refusal.slug === 'unauthenticated') return signInAgain(flow);
  const receipt = rememberedReceipt(orderId);
  const answer =
    refusal.problem.showReceipt === true && receipt !== undefined
      ? await present(flow, receipt)
      : refusal;
  if (answer.kind === 'order') return watchOrder(flow, answer);
  const others = rememberedOrders(buyerOf(flow)).filter((other) => other !== orderId);
  flow.show({ kind: 'order-unknown', orderId, others });
}

async function present(flow: PurchaseFlow, receipt: string): Promise<OrderAnswer> {
  for (let failures = 0; ; failures += 1) {
    flow.show({ kind: 'receipt' });
    const answer = await showReceipt({ receipt, token: flow.session.token });
    flow.signal.throwIfAborted();
    if (answer.kind === 'order' || answer.retryAfterSeconds === undefined) return answer;
    await waitToRetry(flow, answer, failures);
  }
}

async function waitToRetry(flow: PurchaseFlow, refusal: Refused, failures: number): Promise<void> {
  const seconds = retrySecondsAfter(refusal, failures);
  flow.show({ kind: 'trouble', retry: retryIn(seconds, refusal) });
  await pauseToRetry(refusal, seconds, flow.signal);
}

function signInAgain(flow: PurchaseFlow): void {
  forgetSession();
  flow.show({ kind: 'sign-in', note: words().signInRanOut });
}
