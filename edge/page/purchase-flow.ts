// One purchase from the press of the button to its answer. The buyer pressed "buy" once: from there
// the page waits in line, enters when its turn comes, and repeats whatever got no clear answer.
import type { Order, Place, Refused, Sale } from './answers.ts';
import { findOrder, findPlace, type OrderAnswer, type PurchaseAnswer, purchase } from './api.ts';
import { deviceTokenOf, earnDeviceToken, type OnProgress } from './attestation.ts';
import {
  forget,
  forgetDevice,
  forgetSession,
  type Keepsake,
  remember,
  remembered,
  rememberedOrders,
  rememberOrder,
  type Session,
} from './memory.ts';
import { pause } from './pause.ts';
import { plainRefusal } from './plain-words.ts';
import { serverNow } from './server-clock.ts';
import type { Show } from './view.ts';

export interface PurchaseFlow {
  readonly skuId: string;
  /** As it was last seen. */
  readonly sale: Sale | undefined;
  readonly session: Session;
  readonly show: Show;
  readonly signal: AbortSignal;
}

const LEAST_PAUSE_SECONDS = 0.3;
/** In one purchase: who solved them all and is asked again need not be kept busy. */
const MOST_CHALLENGES = 3;
const UNSOLVED: Refused = {
  kind: 'refused',
  slug: 'challenge-required',
  problem: { type: '/problems/challenge-required', detail: '' },
  retryAfterSeconds: undefined,
};
/** After the start: nobody is quicker than a person could be, for whoever is looks like a script. */
const SPREAD = { fromSeconds: 0.3, seconds: 0.5 };
const WATCH_SECONDS = { untilPersisted: 1, afterwards: 15 };

/** Ends with a final answer on the screen; rejects only when the signal aborts. */
export async function runPurchase(flow: PurchaseFlow): Promise<void> {
  const { show, signal } = flow;
  const { ticketOf, againOf } = keepsakesOf(flow);
  let lastPlace: Place | undefined;
  let challenges = 0;
  show({ kind: 'asking' });
  for (;;) {
    const answer = await attempt(flow);
    signal.throwIfAborted();
    if (answer.kind === 'order') {
      forget(againOf);
      return watchOrder(flow, answer);
    }
    if (answer.kind === 'place') {
      remember(ticketOf, answer.place.ticket);
      const end = await waitForTurn(flow, answer.place);
      if (end === 'over') return;
      lastPlace = answer.place;
    } else if (answer.slug === 'challenge-required' && challenges < MOST_CHALLENGES) {
      challenges += 1;
      const end = await meetChallenge(flow, answer);
      if (end === 'over') return;
    } else {
      if (answer.problem.ticket !== undefined) remember(ticketOf, answer.problem.ticket);
      const end = await afterRefusal(flow, answer, lastPlace);
      if (end === 'over') return;
    }
  }
}

function keepsakesOf({ skuId, session }: Pick<PurchaseFlow, 'skuId' | 'session'>) {
  const { userId } = session;
  const ticketOf: Keepsake = { kind: 'ticket', skuId, userId };
  const againOf: Keepsake = { kind: 'again', skuId, userId };
  return { ticketOf, againOf };
}

/** One more, after an order that the buyer has; a reload goes on with it like with the first. */
export async function runAnother(flow: PurchaseFlow, order: Order): Promise<void> {
  const { ticketOf, againOf } = keepsakesOf(flow);
  forget(ticketOf);
  remember(againOf, order.orderId);
  return runPurchase(flow);
}

/** Posts the purchase; a device that is not known yet shows itself first. */
async function attempt(flow: PurchaseFlow): Promise<PurchaseAnswer> {
  const { skuId, session, signal } = flow;
  const earned = await deviceTokenOf(session, progressOf(flow));
  signal.throwIfAborted();
  if (earned.kind === 'refused') return earned;
  if (earned.kind === 'unsolved') return UNSOLVED;
  const { deviceToken } = earned;
  const { ticketOf, againOf } = keepsakesOf(flow);
  const [ticket, again] = [remembered(ticketOf), remembered(againOf)];
  return purchase({ skuId, token: session.token, deviceToken, ticket, again });
}

/** Works out what the answer asks for; the purchase is then posted again. */
async function meetChallenge(flow: PurchaseFlow, { problem }: Refused): Promise<'again' | 'over'> {
  const { session, signal } = flow;
  const { challenge } = problem;
  forgetDevice(session.userId);
  if (challenge === undefined) return 'again';
  const onProgress = progressOf(flow);
  onProgress(0);
  const earned = await earnDeviceToken(session, { challenge, onProgress });
  signal.throwIfAborted();
  flow.show({ kind: 'asking' });
  if (earned.kind === 'earned') return 'again';
  return afterRefusal(flow, earned.kind === 'refused' ? earned : UNSOLVED, undefined);
}

function progressOf({ show, signal }: PurchaseFlow): OnProgress {
  return (share) => {
    if (!signal.aborted) show({ kind: 'checking', share });
  };
}

/** Polls until the place may be posted again, or until there is nothing left to wait for. */
async function waitForTurn(flow: PurchaseFlow, first: Place): Promise<'enter' | 'over'> {
  const { show, signal } = flow;
  let place = first;
  let note = '';
  for (;;) {
    if (place.state === 'SOLD_OUT') endWith(flow, 'sold-out');
    else if (place.state === 'ENDED') endWith(flow, 'ended');
    else if (place.state === 'CONFIRMING') show({ kind: 'confirming', orderId: place.orderId });
    else show({ kind: 'waiting', place, note });
    if (place.state === 'SOLD_OUT' || place.state === 'ENDED') return 'over';
    if (place.state === 'EXPIRED') return 'enter';
    await pause(Math.max(LEAST_PAUSE_SECONDS, place.pollAfterSeconds), signal);
    if (place.state === 'READY' || place.state === 'CONFIRMING') return 'enter';
    const answer = await findPlace(place.ticket);
    signal.throwIfAborted();
    if (answer.kind === 'refused') {
      if (answer.slug === 'ticket-invalid') return 'enter';
      note = plainRefusal(answer);
    } else if (answer.kind === 'place') {
      note = '';
      place = answer.place;
      if (place.state === 'READY') {
        show({ kind: 'waiting', place, note });
        return 'enter';
      }
    }
  }
}

/** No unit for this purchase; what the buyer had before it stays in sight. */
function endWith(flow: PurchaseFlow, kind: 'sold-out' | 'ended', unitsMayReturn = false): void {
  forget(keepsakesOf(flow).againOf);
  const orders = rememberedOrders({ skuId: flow.skuId, userId: flow.session.userId });
  if (kind === 'ended') flow.show({ kind, note: 'No more orders are taken.', orders });
  else flow.show({ kind, unitsMayReturn, orders });
}

async function afterRefusal(
  flow: PurchaseFlow,
  refusal: Refused,
  lastPlace: Place | undefined,
): Promise<'again' | 'over'> {
  const { show, signal } = flow;
  const { ticketOf, againOf } = keepsakesOf(flow);
  const { slug, problem, retryAfterSeconds } = refusal;
  switch (slug) {
    case 'not-open': {
      const startAt = problem.opensAt ?? serverNow();
      show({ kind: 'soon', startAt, willBuy: true });
      // Not all at the same millisecond: the line is drawn from whoever comes.
      const untilStartSeconds = Math.max(0, (startAt - serverNow()) / 1000);
      await pause(untilStartSeconds + SPREAD.fromSeconds + SPREAD.seconds * Math.random(), signal);
      return 'again';
    }
    case 'sold-out':
      endWith(flow, 'sold-out', problem.unitsMayReturn);
      return 'over';
    case 'ended':
      endWith(flow, 'ended');
      return 'over';
    case 'limit-reached':
      forget(againOf);
      show({ kind: 'limit', limit: problem.limit ?? 1, orders: problem.orders ?? [] });
      return 'over';
    case 'refused':
      // The next press begins with a stronger challenge, and the token that it earns passes.
      forgetDevice(flow.session.userId);
      show({ kind: 'refused', reference: problem.reference ?? '' });
      return 'over';
    case 'unauthenticated':
      forgetSession();
      show({ kind: 'sign-in', note: 'Your sign-in has run out.' });
      return 'over';
    case 'unknown-sku':
      show({ kind: 'unknown' });
      return 'over';
    case 'ticket-invalid':
      forget(ticketOf);
  }
  const text = plainRefusal(refusal);
  if (lastPlace === undefined) show({ kind: 'trouble', text });
  else show({ kind: 'waiting', place: lastPlace, note: text });
  if (retryAfterSeconds === undefined && slug !== 'ticket-invalid') return 'over';
  await pause((retryAfterSeconds ?? 1) + Math.random(), signal);
  return 'again';
}

/** Shows the order and its changes for as long as the page is open. */
export async function watchOrder(
  flow: PurchaseFlow,
  first: Extract<OrderAnswer, { kind: 'order' }>,
): Promise<void> {
  const { session, show, signal, skuId } = flow;
  let { order } = first;
  const { orderId } = order;
  const buyer = { skuId, userId: session.userId };
  rememberOrder(buyer, orderId);
  const others = rememberedOrders(buyer).filter((other) => other !== orderId);
  for (;;) {
    const isMoreAllowed = leavesRoom(flow.sale, others.length + order.quantity);
    if (order.status === 'CANCELLED') show({ kind: 'cancelled', order });
    else show({ kind: 'bought', order, others, isMoreAllowed });
    const isSettled = order.persisted === true;
    await pause(isSettled ? WATCH_SECONDS.afterwards : WATCH_SECONDS.untilPersisted, signal);
    const answer = await findOrder({ orderId, token: session.token });
    signal.throwIfAborted();
    if (answer.kind === 'order') order = answer.order;
  }
}

/** As far as the page knows: who presses for more than there is gets a plain answer. */
function leavesRoom(sale: Sale | undefined, units: number): boolean {
  if (sale === undefined || sale.soldOut) return false;
  return serverNow() < sale.endAt && units < sale.limitPerUser;
}
