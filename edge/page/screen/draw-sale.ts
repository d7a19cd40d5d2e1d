// How a sale stands, before anybody has bought.
import { serverNow } from '../server-clock.ts';
import type { View } from '../view.ts';
import { clockText, countText, timeText } from '../words/figures.ts';
import { words } from '../words/words.ts';
import { type Drawing, ordersUnder } from './drawing.ts';

type Of<Kind extends View['kind']> = Extract<View, { kind: Kind }>;

export function drawSoon({ sale, willBuy }: Of<'soon'>): Drawing {
  const say = words();
  const { startAt, entryOpensAt, draw } = sale;
  const isEntering = draw !== undefined;
  const areEntriesOpen = isEntering && serverNow() >= entryOpensAt;
  const countdown = { figure: clockText(startAt - serverNow()), caption: say.opensIn };
  if (willBuy) {
    const isForDraw = isEntering && !areEntriesOpen;
    const detail = isForDraw ? say.entersDrawForYou(timeText(entryOpensAt)) : say.buysForYou;
    return { ...countdown, headline: say.youAreSet, detail };
  }
  const act = areEntriesOpen ? say.enterDraw : say.enterDrawWhenOpen;
  return {
    ...countdown,
    headline: say.opensAt(timeText(startAt)),
    detail: isEntering ? say.drawNote : say.shopClock,
    ...(isEntering && { facts: [[say.entries, countText(draw.entries)]] }),
    act: isEntering ? act : say.buyWhenOpen,
  };
}

/** The figure may be two seconds old by the time that it is read. */
export function drawOpen({ sale, isBack }: Of<'open'>): Drawing {
  const say = words();
  const { waiting, stockBand } = sale;
  const line = waiting > 0 ? say.someInLine(waiting, countText(waiting)) : '';
  const rest = stockBand === 'low' ? say.fewLeft : say.turnsInOrder;
  return {
    headline: say.canBuy,
    detail: isBack ? say.unitsAreBack : say.sentences(line, rest),
    act: isBack ? say.joinAgain : say.buyNow,
  };
}

export function drawSoldOut({ units, orders }: Of<'sold-out'>): Drawing {
  const say = words();
  const details = {
    gone: say.soldOutFinal,
    'may-return': say.soldOutMayReturn,
    kept: say.soldOutKept,
  };
  return {
    headline: say.soldOut,
    detail: details[units],
    ...ordersUnder(say.ownOrders, orders),
    act: say.checkAgain,
  };
}
