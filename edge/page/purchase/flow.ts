// What the steps of a purchase have in common: whose it is, where it shows, what it remembers.
import type { Order, Refused, Sale } from '../answers.ts';
import {
  forget,
  type Keepsake,
  remember,
  remembered,
  rememberedOrders,
  type Session,
} from '../memory.ts';
import { pause, pauseUntilSeen } from '../pause.ts';
import { serverNow } from '../server-clock.ts';
import type { Retry, Show } from '../view.ts';
import { plainRefusal } from '../words/plain-reasons.ts';
import { words } from '../words/words.ts';

export interface PurchaseFlow {
  readonly skuId: string;
  readonly session: Session;
  readonly show: Show;
  readonly signal: AbortSignal;
  /** As it was last seen. */
  saleNow(): Sale | undefined;
  /** Looks again; a look that fails changes nothing. */
  lookAtSale(): Promise<unknown>;
}

/** Whose, and of which sale. */
export function buyerOf({ skuId, session }: Pick<PurchaseFlow, 'skuId' | 'session'>) {
  return { skuId, userId: session.userId };
}

export function keepsakesOf(flow: Pick<PurchaseFlow, 'skuId' | 'session'>) {
  const of = <Kind extends Keepsake['kind']>(kind: Kind) => ({ ...buyerOf(flow), kind });
  return {
    ticketOf: of('ticket'),
    againOf: of('again'),
    aheadOf: of('ahead'),
    entryOf: of('entry'),
  };
}

/** A new purchase begins with a place of its own. */
export function forgetPlace(flow: PurchaseFlow): void {
  const { ticketOf, aheadOf, entryOf } = keepsakesOf(flow);
  for (const what of [ticketOf, aheadOf, entryOf]) forget(what);
}

/** The first position that this place had; `position` when this is the first. */
export function firstPosition(flow: PurchaseFlow, position: number): number {
  const { aheadOf } = keepsakesOf(flow);
  const known = Number(remembered(aheadOf) ?? 0);
  if (known >= position) return known;
  remember(aheadOf, String(position));
  return position;
}

/** No unit for this purchase; what the buyer had before it stays in sight. */
export function endSoldOut(flow: PurchaseFlow, units: 'gone' | 'may-return' | 'kept'): void {
  flow.show({ kind: 'sold-out', units, orders: rememberedOrders(buyerOf(flow)) });
}

export function endOver(flow: PurchaseFlow): void {
  forget(keepsakesOf(flow).againOf);
  const orders = rememberedOrders(buyerOf(flow));
  flow.show({ kind: 'ended', note: words().noMoreOrders, orders });
}

/** As far as the page knows: who presses for more than there is gets a plain answer. */
export function leavesRoom(flow: PurchaseFlow, order: Order): boolean {
  const sale = flow.saleNow();
  if (sale === undefined || (sale.soldOut && !sale.joinable)) return false;
  if (sale.state !== 'RUNNING' || serverNow() >= sale.endAt) return false;
  if (order.status === 'CANCELLED') return true;
  const others = rememberedOrders(buyerOf(flow)).filter((other) => other !== order.orderId);
  return others.length + order.quantity < sale.limitPerUser;
}

const MOST_RETRY_SECONDS = 30;

/**
 * Seconds until the next try: as long as was asked for and a little more, so that a crowd does not
 * come back at once; longer each time where nobody answered at all.
 */
export function retrySecondsAfter({ slug, retryAfterSeconds }: Refused, failures: number): number {
  const asked = retryAfterSeconds ?? 1;
  const least = slug === 'no-answer' ? asked * 2 ** Math.min(failures, 4) : asked;
  const seconds = slug === 'no-answer' ? Math.min(MOST_RETRY_SECONDS, least) : least;
  return seconds + Math.random() * Math.max(1, seconds / 4);
}

/** What the server asked for is kept; who only lost the network tries when it is back. */
export function pauseToRetry(
  { slug }: Refused,
  seconds: number,
  signal: AbortSignal,
): Promise<void> {
  return slug === 'no-answer' ? pauseUntilSeen(seconds, signal) : pause(seconds, signal);
}

export function retryIn(seconds: number, refusal: Refused): Retry {
  return { note: plainRefusal(refusal), retryAt: Date.now() + seconds * 1000 };
}
