// What each view says, in words and figures; `show.ts` puts it on the screen.
import type { View } from '../view.ts';
import { words } from '../words/words.ts';
import { drawEntered, drawRetry, drawWaiting } from './draw-line.ts';
import { drawOrder } from './draw-order.ts';
import { drawOpen, drawSoldOut, drawSoon } from './draw-sale.ts';
import { type Drawing, ordersUnder } from './drawing.ts';

/** Who looks on without having signed in sees how the sale stands, and what signing in is for. */
export function drawForOnlooker(view: View): Drawing {
  const say = words();
  const { act: _, ...drawing } = drawForBuyer(view);
  switch (view.kind) {
    case 'open':
      return { ...drawing, headline: say.signInToBuy };
    case 'soon': {
      const detail = view.sale.draw === undefined ? say.signInSoon : say.signInForDraw;
      return { ...drawing, detail };
    }
    case 'sold-out':
    case 'ended':
      return { ...drawing, detail: say.signInForOrders };
    default:
      return drawing;
  }
}

export function drawForBuyer(view: View): Drawing {
  const say = words();
  switch (view.kind) {
    case 'loading':
      return { headline: say.loading };
    case 'unknown':
      return { headline: say.noSuchSale, detail: say.checkLink };
    case 'sign-in':
      return { headline: say.signInToBuy, detail: view.note };
    case 'soon':
      return drawSoon(view);
    case 'open':
      return drawOpen(view);
    case 'paused':
      return { headline: say.paused, detail: say.pausedNext };
    case 'asking':
      return { headline: say.asking };
    case 'checking':
      return drawChecking(view);
    case 'refused':
      return {
        headline: say.notTold,
        detail: say.longerCheck,
        facts: [[say.reference, view.reference]],
        act: say.runLongerCheck,
      };
    case 'entered':
      return drawEntered(view);
    case 'waiting':
      return drawWaiting(view);
    case 'turn':
      return { headline: say.yourTurn, detail: say.entering, ...drawRetry(view.retry) };
    case 'confirming':
      return {
        headline: say.confirming,
        detail: say.confirmingNext,
        facts: [[say.order, view.orderId]],
      };
    case 'order':
      return drawOrder(view.seen);
    case 'receipt':
      return { headline: say.showingReceipt, detail: say.showingReceiptNext };
    case 'order-unknown':
      return {
        headline: say.orderUnknown,
        detail: say.orderUnknownNext,
        facts: [[say.order, view.orderId]],
        ...ordersUnder(say.otherOrders, view.others),
        act: say.tryNow,
      };
    case 'limit':
      return drawLimit(view);
    case 'sold-out':
      return drawSoldOut(view);
    case 'ended':
      return { headline: say.over, detail: view.note, ...ordersUnder(say.ownOrders, view.orders) };
    case 'trouble':
      return { headline: say.notJustYet, ...drawRetry(view.retry), act: say.tryNow };
  }
}

function drawChecking({ share }: Extract<View, { kind: 'checking' }>): Drawing {
  const say = words();
  if (share === undefined) return { headline: say.checking, detail: say.checkingWidget };
  const bar = { share, label: say.howFarCheck };
  return { headline: say.checking, detail: say.checkingSum, bar };
}

function drawLimit({ limit, orders }: Extract<View, { kind: 'limit' }>): Drawing {
  const say = words();
  return {
    headline: limit === 1 ? say.limitOne : say.limitMany(String(limit)),
    detail: say.limitWhy,
    ...ordersUnder(say.ownOrders, orders),
  };
}
