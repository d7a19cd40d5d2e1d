// The sale page: looks at the sale every few seconds until the buyer acts, then leaves the screen
// to the purchase.
import type { Sale } from './answers.ts';
import { findOrder, findSale, signInAs } from './api.ts';
import { deviceTokenOf } from './attestation.ts';
import { firstInput, watchInput } from './device/watch-input.ts';
import { element } from './elements.ts';
import {
  forgetSession,
  remembered,
  rememberedSession,
  rememberSession,
  type Session,
} from './memory.ts';
import { pause } from './pause.ts';
import { plainRefusal } from './plain-words.ts';
import { runPurchase, watchOrder } from './purchase-flow.ts';
import { learnServerTime, serverNow } from './server-clock.ts';
import { show as draw, showSale } from './show.ts';
import type { View } from './view.ts';

const LOOK_EVERY_SECONDS = 3;
const TICK_MS = 250;
/** A device shows itself after the first sign of a hand and a moment more. */
const SHOWN_AFTER_MS = 1_500;

const skuId = decodeURIComponent(location.pathname.split('/')[2] ?? '');
const name = element('name', HTMLInputElement);
let view: View = { kind: 'loading' };
let activity = new AbortController();

element('act', HTMLButtonElement).addEventListener('click', () => begin(buy));
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
  if (view.kind === 'soon') draw(view);
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
  const session = rememberedSession();
  element('who', HTMLSpanElement).textContent = session ? `Signed in as ${session.userId}` : '';
  element('session', HTMLElement).hidden = session === undefined;
  draw(next);
}

/** Goes on where an earlier visit ended: with the order, or with the place in line. */
async function resume(signal: AbortSignal): Promise<void> {
  const session = rememberedSession();
  if (session === undefined) return look(signal);
  const orderId = remembered({ kind: 'order', skuId, userId: session.userId });
  const answer = await findSale(skuId);
  if (answer.kind === 'sale') showSale(answer.sale);
  if (orderId !== undefined) {
    const known = await findOrder({ orderId, token: session.token });
    if (known.kind === 'order') return watchOrder({ session, show, signal }, known);
  }
  void showDeviceSoon(session, signal);
  const hasTicket = remembered({ kind: 'ticket', skuId, userId: session.userId }) !== undefined;
  return hasTicket ? buy(signal) : look(signal);
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
    const answer = await findSale(skuId);
    signal.throwIfAborted();
    if (answer.kind === 'sale') {
      learnServerTime(answer.sale.serverTime);
      showSale(answer.sale);
      show(viewOf(answer.sale));
    } else if (answer.slug === 'unknown-sku' || answer.slug === 'not-found') {
      show({ kind: 'unknown' });
    } else {
      show({ kind: 'trouble', text: plainRefusal(answer) });
    }
    await pause(LOOK_EVERY_SECONDS + Math.random(), signal);
  }
}

function viewOf(sale: Sale): View {
  if (sale.state === 'ENDED' || sale.state === 'CLOSED') return { kind: 'ended' };
  if (rememberedSession() === undefined) return { kind: 'sign-in', note: '' };
  if (serverNow() < sale.startAt) return { kind: 'soon', startAt: sale.startAt, willBuy: false };
  if (sale.soldOut) return { kind: 'sold-out', unitsMayReturn: false };
  return { kind: 'open', waiting: sale.waiting, isLow: sale.stockBand === 'low' };
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
  const session: Session | undefined = rememberedSession();
  if (session === undefined) return show({ kind: 'sign-in', note: 'Sign in first.' });
  await runPurchase({ skuId, session, show, signal });
}
