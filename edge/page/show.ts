// Draws a view into the page's fixed elements. Text only ever goes in as text.
import type { Order, Sale } from './answers.ts';
import { element } from './elements.ts';
import { clockText, moneyText, plainRange, plainReason, plainWait } from './plain-words.ts';
import { serverNow } from './server-clock.ts';
import type { View } from './view.ts';

interface Drawing {
  /** The one thing to see from across the room. */
  readonly figure?: string;
  readonly headline: string;
  readonly detail?: string;
  readonly facts?: readonly (readonly [string, string])[];
  /** How much is done, 0…1; no bar without it. */
  readonly share?: number;
  /** The words on the button; no button without them. */
  readonly act?: string;
}

const card = element('card', HTMLElement);
const figure = element('figure', HTMLParagraphElement);
const headline = element('headline', HTMLHeadingElement);
const detail = element('detail', HTMLParagraphElement);
const facts = element('facts', HTMLDListElement);
const progress = element('progress', HTMLProgressElement);
const act = element('act', HTMLButtonElement);

export function show(view: View): void {
  const drawing = draw(view);
  card.dataset.view = view.kind;
  element('sign-in', HTMLFormElement).hidden = view.kind !== 'sign-in';
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
}

export function showSale(sale: Sale): void {
  document.title = `${sale.title} · flash sale`;
  write(element('title', HTMLHeadingElement), sale.title);
  write(element('state', HTMLParagraphElement), stateOf(sale));
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
  return made;
}

function stateOf(sale: Sale): string {
  if (sale.state === 'ENDED' || sale.state === 'CLOSED') return 'Sale over';
  if (sale.state === 'PAUSED') return 'Paused';
  if (serverNow() < sale.startAt) return 'Opens soon';
  if (sale.soldOut) return 'Sold out';
  return sale.stockBand === 'low' ? 'Open · nearly gone' : 'Open now';
}

function draw(view: View): Drawing {
  switch (view.kind) {
    case 'loading':
      return { headline: 'One moment…' };
    case 'unknown':
      return { headline: 'No such sale', detail: 'Check the link or the item’s code.' };
    case 'sign-in':
      return { headline: 'Sign in to buy', detail: view.note };
    case 'soon':
      return drawSoon(view);
    case 'open':
      return {
        headline: view.waiting > 0 ? `${view.waiting} people in line` : 'No line right now',
        detail: view.isLow ? 'Only a few units are left.' : 'Your turn comes in order of arrival.',
        act: 'Buy now',
      };
    case 'asking':
      return { headline: 'Asking for you…' };
    case 'checking':
      return drawChecking(view);
    case 'refused':
      return {
        headline: 'We could not tell you from a script',
        detail: 'A longer check can show that you are a person. It runs by itself.',
        facts: [['Reference', view.reference]],
        act: 'Run the longer check',
      };
    case 'waiting':
      return drawWaiting(view);
    case 'confirming':
      return { headline: 'Confirming your order…', facts: [['Order', view.orderId]] };
    case 'bought':
      return drawBought(view.order);
    case 'cancelled':
      return {
        headline: 'This order is cancelled',
        detail: plainReason(view.order.reason),
        facts: orderFacts(view.order),
      };
    case 'limit':
      return drawLimit(view);
    case 'sold-out':
      return {
        headline: 'Sold out',
        detail: view.unitsMayReturn
          ? 'Unpaid units may still come back.'
          : 'Every unit has found a buyer.',
        act: 'Check again',
      };
    case 'ended':
      return { headline: 'This sale is over', detail: 'Thank you for coming.' };
    case 'trouble':
      return { headline: 'Not just yet', detail: view.text, act: 'Try again now' };
  }
}

function drawSoon({ startAt, willBuy }: Extract<View, { kind: 'soon' }>): Drawing {
  return {
    figure: clockText(startAt - serverNow()),
    headline: willBuy ? 'You are set' : `Opens at ${timeText(startAt)}`,
    detail: willBuy
      ? 'Keep this page open: it buys for you when the sale opens.'
      : 'The countdown runs on the shop’s clock, not on yours.',
    ...(willBuy ? {} : { act: 'Buy when it opens' }),
  };
}

function drawChecking({ share }: Extract<View, { kind: 'checking' }>): Drawing {
  const headline = 'Checking that you are a person';
  if (share === undefined) return { headline, detail: 'Your purchase goes on after this.' };
  const detail =
    'Your device works on a sum, for a minute at most. There is nothing to read or click.';
  return { headline, detail, share };
}

function drawWaiting({ place, note }: Extract<View, { kind: 'waiting' }>): Drawing {
  const { state, position, estimatedWaitSeconds: wait, waitRangeSeconds: range } = place;
  if (state === 'PRE_QUEUE') {
    return { headline: 'You are in for the start', detail: note || 'Keep this page open.' };
  }
  if (state !== 'QUEUED' || position === undefined) {
    return { headline: 'It is your turn', detail: note || 'Getting your unit…' };
  }
  return {
    figure: position.toLocaleString(),
    headline: 'Your place in line',
    detail: note || 'Keep this page open: it buys for you when your turn comes.',
    facts: [
      ['Expected wait', typeof wait === 'number' ? plainWait(wait) : 'not known yet'],
      ...(range ? [['Most likely', plainRange(range)] as const] : []),
    ],
  };
}

function drawBought(order: Order): Drawing {
  const isPaid = order.status === 'PAID';
  return {
    figure: '✓',
    headline: isPaid ? 'Paid. It is yours.' : 'Reserved for you',
    detail: isPaid ? 'Thank you.' : `Kept for you until ${timeText(order.payBy)}.`,
    facts: orderFacts(order),
  };
}

function drawLimit({ limit, orders }: Extract<View, { kind: 'limit' }>): Drawing {
  return {
    headline: limit === 1 ? 'You have yours already' : `You have your ${limit} already`,
    detail: 'This sale is limited so that more people get one.',
    facts: orders.map((orderId) => ['Order', orderId] as const),
  };
}

function orderFacts(order: Order): NonNullable<Drawing['facts']> {
  const recorded = order.persisted === true ? 'written down' : 'being written down…';
  return [
    ['Order', order.orderId],
    ['Status', order.status === 'PENDING' ? 'waiting for payment' : order.status.toLowerCase()],
    ['Amount', moneyText(order)],
    ['Record', recorded],
  ];
}

function timeText(ms: number): string {
  return new Date(ms).toLocaleTimeString(undefined, { timeStyle: 'short' });
}
