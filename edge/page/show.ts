// Puts a view into the page's fixed elements. Text only ever goes in as text.
import type { Sale } from './answers.ts';
import { drawForBuyer, drawForOnlooker } from './draw.ts';
import { element } from './elements.ts';
import { moneyText } from './plain-words.ts';
import { serverNow } from './server-clock.ts';
import type { View } from './view.ts';

const card = element('card', HTMLElement);
const figure = element('figure', HTMLParagraphElement);
const headline = element('headline', HTMLHeadingElement);
const detail = element('detail', HTMLParagraphElement);
const signIn = element('sign-in', HTMLFormElement);
const answer = element('answer', HTMLElement);
const home = element('home', HTMLAnchorElement);
const session = element('session', HTMLElement);
const who = element('who', HTMLSpanElement);
const title = element('title', HTMLHeadingElement);
const state = element('state', HTMLParagraphElement);
const facts = element('facts', HTMLDListElement);
const progress = element('progress', HTMLProgressElement);
const act = element('act', HTMLButtonElement);

/** Letters: an order id has more. */
const LONG_TEXT = 26;
/** What an onlooker comes to: the form stays through all of it, for somebody may be typing. */
const OFFERS_SIGN_IN = new Set<View['kind']>(['soon', 'open', 'sold-out', 'ended', 'trouble']);

/** `userId` is undefined for who has not signed in. */
export function show(view: View, userId: string | undefined): void {
  const held = document.activeElement;
  const isOnlooker = userId === undefined;
  const drawing = isOnlooker ? drawForOnlooker(view) : drawForBuyer(view);
  card.dataset.view = view.kind;
  signIn.hidden = view.kind !== 'sign-in' && !(isOnlooker && OFFERS_SIGN_IN.has(view.kind));
  home.hidden = view.kind !== 'unknown' && view.kind !== 'ended';
  session.hidden = isOnlooker;
  write(who, isOnlooker ? '' : `Signed in as ${userId}`);
  write(figure, drawing.figure);
  write(headline, drawing.headline);
  write(detail, drawing.detail);
  write(act, drawing.act);
  facts.replaceChildren(
    ...(drawing.facts ?? []).flatMap(([name, value]) => [term('dt', name), term('dd', value)]),
  );
  facts.hidden = drawing.facts === undefined;
  progress.value = drawing.share ?? 0;
  progress.hidden = drawing.share === undefined;
  keepFocus(held);
}

/**
 * A control that disappears under the keyboard hands over to the next one, or to the answer: never
 * to the top of the page. Whoever is elsewhere is left there. The answer bears a name of its own,
 * so that a screen reader says the headline once, as the status that it is.
 */
function keepFocus(held: Element | null): void {
  if (held?.closest('[hidden]') == null) return;
  if (act.hidden) answer.focus();
  else act.focus();
}

/** In place of a sale: what was asked for. */
export function showUnknown(skuId: string): void {
  document.title = 'No such sale';
  write(title, skuId);
  write(state, 'Flash sale');
}

export function showSale(sale: Sale): void {
  document.title = `${sale.title} · flash sale`;
  write(title, sale.title);
  write(state, stateOf(sale));
  write(
    element('price', HTMLSpanElement),
    moneyText({ amount: sale.price, currency: sale.currency }),
  );
  write(
    element('limit', HTMLSpanElement),
    sale.limitPerUser === 1 ? 'one per person' : `up to ${sale.limitPerUser} per person`,
  );
}

/** Writes only what differs: a screen reader would say an unchanged headline again. */
function write(target: HTMLElement, text = ''): void {
  if (target.textContent !== text) target.textContent = text;
  target.hidden = text === '';
}

function term(name: 'dt' | 'dd', text: string): HTMLElement {
  const made = document.createElement(name);
  made.textContent = text;
  made.classList.toggle('long', text.length > LONG_TEXT);
  return made;
}

function stateOf(sale: Sale): string {
  if (sale.state === 'ENDED' || sale.state === 'CLOSED') return 'Sale over';
  if (sale.state === 'PAUSED') return 'Paused';
  if (serverNow() < sale.startAt) return 'Opens soon';
  if (sale.soldOut) return 'Sold out';
  return sale.stockBand === 'low' ? 'Open · nearly gone' : 'Open now';
}
