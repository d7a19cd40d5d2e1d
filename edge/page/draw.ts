// What each view says, in words and figures; `show.ts` puts it on the screen.
import type { Order } from './answers.ts';
import { clockText, moneyText, plainRange, plainReason, plainWait } from './plain-words.ts';
import { serverNow } from './server-clock.ts';
import type { View } from './view.ts';

export interface Drawing {
  /** The one thing to see from across the room. */
  readonly figure?: string;
  /** Said aloud whenever it changes, so figures that move stand elsewhere. */
  readonly headline: string;
  readonly detail?: string;
  readonly facts?: readonly (readonly [string, string])[];
  /** How much is done, 0…1; no bar without it. */
  readonly share?: number;
  /** The words on the button; no button without them. */
  readonly act?: string;
}

/** Who looks on without having signed in sees how the sale stands, and what signing in is for. */
export function drawForOnlooker(view: View): Drawing {
  const { act: _, ...drawing } = drawForBuyer(view);
  switch (view.kind) {
    case 'open':
      return { ...drawing, headline: 'Sign in to buy' };
    case 'soon':
      return { ...drawing, detail: 'Sign in now, so that you can buy the moment it opens.' };
    case 'sold-out':
    case 'ended':
      return { ...drawing, detail: 'If you have an order, sign in to see it.' };
    default:
      return drawing;
  }
}

export function drawForBuyer(view: View): Drawing {
  switch (view.kind) {
    case 'loading':
      return { headline: 'One moment…' };
    case 'unknown':
      return { headline: 'There is no such sale', detail: 'Check the link, or enter the code.' };
    case 'sign-in':
      return { headline: 'Sign in to buy', detail: view.note };
    case 'soon':
      return drawSoon(view);
    case 'open':
      return drawOpen(view);
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
      return drawBought(view);
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
        ...ownOrders(view.orders),
        act: 'Check again',
      };
    case 'ended':
      return { headline: 'This sale is over', detail: view.note, ...ownOrders(view.orders) };
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

/** The figure may be two seconds old by the time that it is read. */
function drawOpen({ waiting, isLow }: Extract<View, { kind: 'open' }>): Drawing {
  const people = waiting === 1 ? '1 person was' : `${waiting.toLocaleString()} people were`;
  const line = waiting > 0 ? `A moment ago, ${people} in line.` : '';
  const rest = isLow ? 'Only a few units are left.' : 'Turns come in order of arrival.';
  return { headline: 'You can buy now', detail: `${line} ${rest}`.trim(), act: 'Buy now' };
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

function drawBought({ order, others, isMoreAllowed }: Extract<View, { kind: 'bought' }>): Drawing {
  const isPaid = order.status === 'PAID';
  return {
    figure: '✓',
    headline: isPaid ? 'Paid. It is yours.' : 'Reserved for you',
    detail: isPaid ? 'Thank you.' : `Kept for you until ${timeText(order.payBy)}.`,
    facts: [...orderFacts(order), ...others.map((orderId) => ['Also yours', orderId] as const)],
    ...(isMoreAllowed ? { act: 'Buy another' } : {}),
  };
}

function ownOrders(orders: readonly string[]): Pick<Drawing, 'facts'> {
  if (orders.length === 0) return {};
  return { facts: orders.map((orderId) => ['Your order', orderId] as const) };
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
