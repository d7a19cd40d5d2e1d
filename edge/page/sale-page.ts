// The sale page: looks at the sale until the buyer acts, then leaves the screen to the purchase.
import type { Sale } from './answers.ts';
import { findSale, purchase, type SaleAnswer, signInAs } from './api.ts';
import { deviceTokenOf } from './attestation.ts';
import { firstInput, watchInput } from './device/watch-input.ts';
import { element } from './elements.ts';
import { offerLanguages } from './language-switch.ts';
import { isOver, isUnknown, lookAfter, type SoldOut, viewOfSale } from './look.ts';
import {
  forgetSession,
  isOf,
  isSession,
  keptSession,
  remembered,
  rememberedOrders,
  rememberedSession,
  rememberSession,
  type Session,
} from './memory.ts';
import { pauseUntilSeen } from './pause.ts';
import {
  keepsakesOf,
  type PurchaseFlow,
  pauseToRetry,
  retryIn,
  retrySecondsAfter,
} from './purchase/flow.ts';
import { runAnother, runPurchase } from './purchase/purchase-flow.ts';
import { cancelAndWatch, findAndWatch, watchOrder } from './purchase/watch-order.ts';
import { show as draw, showNameOnly, showSale } from './screen/show.ts';
import { onOrderAsked } from './screen/show-lists.ts';
import { learnServerTime } from './server-clock.ts';
import type { View } from './view.ts';
import { plainRefusal } from './words/plain-reasons.ts';
import { words } from './words/words.ts';

const TICK_MS = 250;
/** A device shows itself after the first sign of a hand and a moment more. */
const SHOWN_AFTER_MS = 1_500;
/** What moves without any answer: countdowns. */
const MOVING = new Set<View['kind']>(['soon', 'entered', 'waiting', 'turn', 'order', 'trouble']);
/** While these are shown, a place that another tab has taken is this tab's too. */
const IDLE = new Set<View['kind']>([
  'sign-in',
  'soon',
  'open',
  'paused',
  'sold-out',
  'limit',
  'order',
]);

const skuId = decodeURIComponent(location.pathname.split('/')[2] ?? '');
const name = element('name', HTMLInputElement);
const sure = element('sure', HTMLDialogElement);
let view: View = { kind: 'loading' };
let sale: Sale | undefined;
let activity = new AbortController();

offerLanguages(() => {
  if (sale === undefined) showNameOnly(skuId);
  else showSale(sale);
  show(view);
});
for (const id of ['act', 'another']) {
  const button = element(id, HTMLButtonElement);
  button.addEventListener('click', () => begin(buy));
  // The focus may come here while Enter is still down: buying takes a press of its own.
  button.addEventListener('keydown', (event) => {
    if (event.repeat) event.preventDefault();
  });
}
element('cancel', HTMLButtonElement).addEventListener('click', () => {
  sure.returnValue = '';
  sure.showModal();
});
sure.addEventListener('close', () => {
  if (sure.returnValue === 'cancel') begin(cancel);
});
onOrderAsked((orderId) =>
  begin((signal) => withSession((session) => findAndWatch(flowOf(session, signal), orderId))),
);
element('sign-out', HTMLButtonElement).addEventListener('click', () => {
  forgetSession();
  begin(look);
});
element('sign-in', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  begin(signIn);
});
// One user, one place: what another tab does is this tab's too.
addEventListener('storage', ({ key, newValue }) => {
  const userId = rememberedSession()?.userId ?? '';
  const isPlace = isOf({ skuId, userId }, key) && newValue !== null && IDLE.has(view.kind);
  if (isSession(key) || isPlace) begin(resume);
});
setInterval(() => {
  if (MOVING.has(view.kind)) show(view);
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
    show({ kind: 'trouble', retry: { note: words().pageBroke, retryAt: undefined } });
  });
}

function show(next: View): void {
  view = next;
  draw(next, rememberedSession()?.userId);
}

/** Goes on where an earlier visit ended: with the order, or with the place in line. */
async function resume(signal: AbortSignal): Promise<void> {
  if (keptSession() === undefined) return look(signal);
  // The sale tells the time, by which the session counts.
  await lookAtSale();
  signal.throwIfAborted();
  const session = rememberedSession();
  if (session === undefined) return look(signal);
  const flow = flowOf(session, signal);
  const { againOf, ticketOf } = keepsakesOf(flow);
  const isUnderway = remembered(againOf) !== undefined;
  const orderId = isUnderway ? undefined : rememberedOrders(againOf).at(-1);
  if (orderId !== undefined) return findAndWatch(flow, orderId);
  if (sale !== undefined && isOver(sale)) return findFormerOrder(flow);
  void showDeviceSoon(session, signal);
  const hasTicket = remembered(ticketOf) !== undefined;
  return hasTicket || isUnderway ? buy(signal) : look(signal);
}

/** A sale that is over answers a purchase with the order that there is, and makes none. */
async function findFormerOrder(flow: PurchaseFlow): Promise<void> {
  const { token } = flow.session;
  const none = { deviceToken: undefined, ticket: undefined, again: undefined };
  const answer = await purchase({ skuId, token, ...none });
  flow.signal.throwIfAborted();
  if (answer.kind === 'order') return watchOrder(flow, answer);
  const isTold = answer.kind === 'refused' && answer.slug === 'ended';
  const orders = answer.kind === 'refused' ? (answer.problem.orders ?? []) : [];
  show({ kind: 'ended', note: isTold ? words().noOrderInIt : '', orders });
}

function flowOf(session: Session, signal: AbortSignal): PurchaseFlow {
  return { skuId, session, show, signal, saleNow: () => sale, lookAtSale };
}

/** Ahead of the press, so that the press need not wait; what goes wrong here, the press tries. */
async function showDeviceSoon(session: Session, signal: AbortSignal): Promise<void> {
  await firstInput;
  setTimeout(() => {
    if (!signal.aborted) void deviceTokenOf(session, () => undefined);
  }, SHOWN_AFTER_MS);
}

/** Sold out is not the end: whoever was told so is told when units come back. */
async function look(signal: AbortSignal): Promise<void> {
  let told: SoldOut | undefined = view.kind === 'sold-out' ? view : undefined;
  for (let failures = 0; ; ) {
    const answer = await lookAtSale();
    signal.throwIfAborted();
    if (answer.kind === 'refused' && !isUnknown(answer)) {
      const seconds = retrySecondsAfter(answer, failures);
      failures += 1;
      show({ kind: 'trouble', retry: retryIn(seconds, answer) });
      await pauseToRetry(answer, seconds, signal);
      continue;
    }
    failures = 0;
    show(answer.kind === 'sale' ? viewOfSale(answer.sale, told) : { kind: 'unknown' });
    if (view.kind === 'sold-out') told = view;
    await pauseUntilSeen(lookAfter(view) + Math.random(), signal);
  }
}

async function lookAtSale(): Promise<SaleAnswer> {
  const answer = await findSale(skuId);
  if (answer.kind === 'sale') {
    sale = answer.sale;
    learnServerTime(sale.serverTime);
    showSale(sale);
  } else {
    if (isUnknown(answer)) sale = undefined;
    if (sale === undefined) showNameOnly(skuId);
  }
  return answer;
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
  return withSession(async (session) => {
    const flow = flowOf(session, signal);
    if (view.kind === 'order') await runAnother(flow, view.seen.order);
    else if (view.kind === 'order-unknown') await findAndWatch(flow, view.orderId);
    else await runPurchase(flow);
    if (view.kind === 'sold-out') await look(signal);
  });
}

async function cancel(signal: AbortSignal): Promise<void> {
  return withSession(async (session) => {
    if (view.kind === 'order') await cancelAndWatch(flowOf(session, signal), view.seen.order);
  });
}

async function withSession(act: (session: Session) => Promise<void>): Promise<void> {
  const session = rememberedSession();
  if (session === undefined) return show({ kind: 'sign-in', note: words().signInFirst });
  return act(session);
}
