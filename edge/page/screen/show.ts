// Puts a view into the page's fixed elements. Text only ever goes in as text.
import type { Sale } from '../answers.ts';
import { element } from '../elements.ts';
import { serverNow } from '../server-clock.ts';
import type { View } from '../view.ts';
import { countText, moneyText } from '../words/figures.ts';
import { words } from '../words/words.ts';
import { drawForBuyer, drawForOnlooker } from './draw-view.ts';
import type { Drawing } from './drawing.ts';
import { showFacts, showOrders, showProofs } from './show-lists.ts';

const card = element('card', HTMLElement);
const figure = element('figure', HTMLParagraphElement);
const caption = element('caption', HTMLParagraphElement);
const headline = element('headline', HTMLHeadingElement);
const notice = element('notice', HTMLParagraphElement);
const detail = element('detail', HTMLParagraphElement);
const small = element('small', HTMLParagraphElement);
const signIn = element('sign-in', HTMLFormElement);
const answer = element('answer', HTMLElement);
const home = element('home', HTMLAnchorElement);
const session = element('session', HTMLElement);
const who = element('who', HTMLSpanElement);
const title = element('title', HTMLHeadingElement);
const state = element('state', HTMLParagraphElement);
const progress = element('progress', HTMLProgressElement);
const act = element('act', HTMLButtonElement);
const pay = element('pay', HTMLAnchorElement);
const another = element('another', HTMLButtonElement);
const cancel = element('cancel', HTMLButtonElement);

/** What an onlooker comes to: the form stays through all of it, for somebody may be typing. */
const OFFERS_SIGN_IN = new Set<View['kind']>([
  'soon',
  'open',
  'paused',
  'sold-out',
  'ended',
  'trouble',
]);
let saleTitle = '';

/** `userId` is undefined for who has not signed in. */
export function show(view: View, userId: string | undefined): void {
  const held = document.activeElement;
  const isOnlooker = userId === undefined;
  const drawing = isOnlooker ? drawForOnlooker(view) : drawForBuyer(view);
  card.dataset.view = view.kind;
  card.dataset.status = view.kind === 'order' ? view.seen.order.status : '';
  answer.hidden = false;
  signIn.hidden = view.kind !== 'sign-in' && !(isOnlooker && OFFERS_SIGN_IN.has(view.kind));
  home.hidden = view.kind !== 'unknown' && view.kind !== 'ended';
  session.hidden = isOnlooker;
  write(who, isOnlooker ? '' : words().signedInAs(userId));
  showDrawing(drawing);
  document.title = [drawing.headline, saleTitle].filter((text) => text !== '').join(' · ');
  keepFocus(held);
}

function showDrawing(drawing: Drawing): void {
  write(figure, drawing.figure);
  // The headline may say the same, and then once is enough.
  write(caption, drawing.caption === drawing.headline ? '' : drawing.caption);
  write(headline, drawing.headline);
  write(notice, drawing.notice);
  write(detail, drawing.detail);
  write(small, drawing.small);
  write(act, drawing.act);
  write(another, drawing.another);
  write(cancel, drawing.cancel);
  write(pay, drawing.pay?.text);
  if (drawing.pay !== undefined) pay.href = drawing.pay.url;
  showFacts(drawing.facts ?? []);
  showProofs(drawing.proofs ?? []);
  showOrders(drawing.orders);
  progress.hidden = drawing.bar === undefined;
  if (drawing.bar === undefined) return;
  progress.value = drawing.bar.share;
  progress.ariaLabel = drawing.bar.label;
}

/**
 * A control that disappears under the keyboard hands over to the next one, or to the answer: never
 * to the top of the page. Whoever is elsewhere is left there. The answer bears a name of its own,
 * so that a screen reader says the headline once, as the status that it is.
 */
function keepFocus(held: Element | null): void {
  const isGone = held?.closest('[hidden]') != null || held?.isConnected === false;
  if (!isGone) return;
  if (act.hidden) answer.focus();
  else act.focus();
}

/** In place of a sale that is not there, or cannot be seen right now: what was asked for. */
export function showNameOnly(skuId: string): void {
  saleTitle = skuId;
  write(title, skuId);
  write(state, words().flashSale);
  write(element('price', HTMLSpanElement), '');
}

export function showSale(sale: Sale): void {
  const { price: amount, currency, limitPerUser } = sale;
  saleTitle = sale.title;
  write(title, sale.title);
  write(state, stateOf(sale));
  write(element('price', HTMLSpanElement), moneyText({ amount, currency }));
  const limit = words().perPerson(limitPerUser, countText(limitPerUser));
  write(element('limit', HTMLSpanElement), limit);
}

/** Writes only what differs: a screen reader would say an unchanged headline again. */
function write(target: HTMLElement, text = ''): void {
  if (target.textContent !== text) target.textContent = text;
  target.hidden = text === '';
}

function stateOf(sale: Sale): string {
  const say = words();
  if (sale.state === 'ENDED' || sale.state === 'CLOSED') return say.stateOver;
  if (sale.state === 'PAUSED') return say.statePaused;
  if (serverNow() < sale.startAt) return say.stateSoon;
  if (sale.soldOut) return say.stateSoldOut;
  return sale.stockBand === 'low' ? say.stateLow : say.stateOpen;
}
