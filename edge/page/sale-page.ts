// The sale page: looks at the sale every few seconds until the buyer acts, then leaves the screen
// to the purchase.
import type { Refused, Sale } from './answers.ts';
import { findOrder, findSale, purchase, type SaleAnswer, signInAs } from './api.ts';
import { deviceTokenOf } from './attestation.ts';
import { firstInput, watchInput } from './device/watch-input.ts';
import { element } from './elements.ts';
import {
  forgetSession,
  remembered,
  rememberedOrders,
  rememberedSession,
  rememberSession,
  type Session,
} from './memory.ts';
import { pause } from './pause.ts';
import { plainRefusal } from './plain-words.ts';
import { type PurchaseFlow, runAnother, runPurchase, watchOrder } from './purchase-flow.ts';
import { learnServerTime, serverNow } from './server-clock.ts';
import { show as draw, showSale, showUnknown } from './show.ts';
import type { View } from './view.ts';

/** Nothing is expected of a sale that is over or was never heard of. */
const LOOK_EVERY_SECONDS = { selling: 3, still: 60 };
const TICK_MS = 250;
/** A device shows itself after the first sign of a hand and a moment more. */
const SHOWN_AFTER_MS = 1_500;

const skuId = decodeURIComponent(location.pathname.split('/')[2] ?? '');
const name = element('name', HTMLInputElement);
let view: View = { kind: 'loading' };
let sale: Sale | undefined;
let activity = new AbortController();

const act = element('act', HTMLButtonElement);
act.addEventListener('click', () => begin(buy));
// The focus may come here while Enter is still down: buying takes a press of its own.
act.addEventListener('keydown', (event) => {
  if (event.repeat) event.preventDefault();
});
element('sign-out', HTMLButtonElement).addEventListener('click', () => {
  forgetSession();
  begin(look);
});
element('sign-in', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  begin(signIn);
});
// A countdown moves without any answer; the rest is drawn when it changes.
setInterval(() => {
  if (view.kind === 'soon') show(view);
}, TICK_MS);
watchInput();
begin(resume);

/** Ends what is going on and does this instead. */
function begin(what: (signal: AbortSignal) => Promise<void>): void {
  activity.abort('replaced');
  activity = new AbortController();
  const { signal } = activity;
  what(signal).catch((error: unknown) => {
    if (signal.aborted) return;
    console.error(error);
    show({ kind: 'trouble', text: 'Something went wrong on this page.' });
  });
}

function show(next: View): void {
  view = next;
  draw(next, rememberedSession()?.userId);
}

/** Goes on where an earlier visit ended: with the order, or with the place in line. */
async function resume(signal: AbortSignal): Promise<void> {
  const session = rememberedSession();
  if (session === undefined) return look(signal);
  const buyer = { skuId, userId: session.userId };
  await askForSale();
  signal.throwIfAborted();
  const isUnderway = remembered({ kind: 'again', ...buyer }) !== undefined;
  const orderId = isUnderway ? undefined : rememberedOrders(buyer).at(-1);
  if (orderId !== undefined) {
    const known = await findOrder({ orderId, token: session.token });
    signal.throwIfAborted();
    if (known.kind === 'order') return watchOrder(flowOf(session, signal), known);
  }
  if (sale !== undefined && isOver(sale)) return findFormerOrder(session, signal);
  void showDeviceSoon(session, signal);
  const hasTicket = remembered({ kind: 'ticket', ...buyer }) !== undefined;
  return hasTicket || isUnderway ? buy(signal) : look(signal);
}

/** A sale that is over answers a purchase with the order that there is, and makes none. */
async function findFormerOrder(session: Session, signal: AbortSignal): Promise<void> {
  const { token } = session;
  const none = { deviceToken: undefined, ticket: undefined, again: undefined };
  const answer = await purchase({ skuId, token, ...none });
  signal.throwIfAborted();
  if (answer.kind === 'order') return watchOrder(flowOf(session, signal), answer);
  const isTold = answer.kind === 'refused' && answer.slug === 'ended';
  const orders = answer.kind === 'refused' ? (answer.problem.orders ?? []) : [];
  show({ kind: 'ended', note: isTold ? 'You have no order in it.' : '', orders });
}

function flowOf(session: Session, signal: AbortSignal): PurchaseFlow {
  return { skuId, sale, session, show, signal };
}

/** Ahead of the press, so that the press need not wait; what goes wrong here, the press tries. */
async function showDeviceSoon(session: Session, signal: AbortSignal): Promise<void> {
  await firstInput;
  setTimeout(() => {
    if (!signal.aborted) void deviceTokenOf(session, () => undefined);
  }, SHOWN_AFTER_MS);
}

async function look(signal: AbortSignal): Promise<void> {
  for (;;) {
    const answer = await askForSale();
    signal.throwIfAborted();
    if (answer.kind === 'sale') show(viewOf(answer.sale));
    else show(viewWithout(answer));
    const isStill = view.kind === 'ended' || view.kind === 'unknown';
    const seconds = isStill ? LOOK_EVERY_SECONDS.still : LOOK_EVERY_SECONDS.selling;
    await pause(seconds + Math.random(), signal);
  }
}

async function askForSale(): Promise<SaleAnswer> {
  const answer = await findSale(skuId);
  if (answer.kind === 'sale') {
    sale = answer.sale;
    learnServerTime(sale.serverTime);
    showSale(sale);
  }
  return answer;
}

function viewWithout(answer: Refused): View {
  if (answer.slug !== 'unknown-sku' && answer.slug !== 'not-found') {
    return { kind: 'trouble', text: plainRefusal(answer) };
  }
  showUnknown(skuId);
  return { kind: 'unknown' };
}

function viewOf(seen: Sale): View {
  if (isOver(seen)) return { kind: 'ended', note: 'Thank you for coming.', orders: [] };
  const { startAt, soldOut, waiting, stockBand } = seen;
  if (serverNow() < startAt) return { kind: 'soon', startAt, willBuy: false };
  if (soldOut) return { kind: 'sold-out', unitsMayReturn: false, orders: [] };
  return { kind: 'open', waiting, isLow: stockBand === 'low' };
}

function isOver({ state }: Sale): boolean {
  return state === 'ENDED' || state === 'CLOSED';
}

async function signIn(signal: AbortSignal): Promise<void> {
  const userId = name.value.trim();
  const answer = await signInAs(userId);
  signal.throwIfAborted();
  if (answer.kind === 'refused') return show({ kind: 'sign-in', note: plainRefusal(answer) });
  const { token, expiresAt } = answer;
  rememberSession({ userId, token, expiresAt });
  return resume(signal);
}

async function buy(signal: AbortSignal): Promise<void> {
  const session = rememberedSession();
  if (session === undefined) return show({ kind: 'sign-in', note: 'Sign in first.' });
  const flow = flowOf(session, signal);
  return view.kind === 'bought' ? runAnother(flow, view.order) : runPurchase(flow);
}
