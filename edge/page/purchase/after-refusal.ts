// What a refused purchase does next: wait and ask again, or say why it is over.
import type { Place, Refused } from '../answers.ts';
import { forget, forgetDevice, forgetSession, rememberOrders } from '../memory.ts';
import { pause } from '../pause.ts';
import { serverNow } from '../server-clock.ts';
import { NO_RETRY } from '../view.ts';
import { plainRefusal } from '../words/plain-reasons.ts';
import { words } from '../words/words.ts';
import {
  buyerOf,
  endOver,
  endSoldOut,
  forgetPlace,
  keepsakesOf,
  type PurchaseFlow,
  pauseToRetry,
  retryIn,
  retrySecondsAfter,
} from './flow.ts';
import { showPlace } from './wait-for-turn.ts';

/** After an opening: nobody is quicker than a person could be. */
const SPREAD = { fromSeconds: 0.3, seconds: 0.5 };

export interface RefusedPurchase {
  readonly refusal: Refused;
  /** Where the buyer stood, if anywhere: it stays in sight. */
  readonly place: Place | undefined;
  /** How many tries before this one went wrong in a row. */
  readonly failures: number;
}

export async function afterRefusal(
  flow: PurchaseFlow,
  { refusal, place, failures }: RefusedPurchase,
): Promise<'again' | 'over'> {
  const { show, signal } = flow;
  const { slug, problem } = refusal;
  switch (slug) {
    case 'not-open':
      return waitForOpening(flow, problem.opensAt ?? serverNow());
    case 'sold-out':
      forget(keepsakesOf(flow).againOf);
      forgetPlace(flow);
      endSoldOut(flow, problem.unitsMayReturn === true ? 'may-return' : 'gone');
      return 'over';
    case 'ended':
      endOver(flow);
      return 'over';
    case 'limit-reached': {
      forget(keepsakesOf(flow).againOf);
      const orders = problem.orders ?? [];
      rememberOrders(buyerOf(flow), orders);
      show({ kind: 'limit', limit: problem.limit ?? 1, orders });
      return 'over';
    }
    case 'refused':
      // The next press begins with a stronger challenge, and the token that it earns passes.
      forgetDevice(flow.session.userId);
      show({ kind: 'refused', reference: problem.reference ?? '' });
      return 'over';
    case 'unauthenticated':
      forgetSession();
      show({ kind: 'sign-in', note: words().signInRanOut });
      return 'over';
    case 'unknown-sku':
      show({ kind: 'unknown' });
      return 'over';
    case 'ticket-invalid':
      forgetPlace(flow);
  }
  if (refusal.retryAfterSeconds === undefined && slug !== 'ticket-invalid') {
    show({ kind: 'trouble', retry: { ...NO_RETRY, note: plainRefusal(refusal) } });
    return 'over';
  }
  const seconds = retrySecondsAfter(refusal, failures);
  const retry = retryIn(seconds, refusal);
  if (place === undefined) show({ kind: 'trouble', retry });
  else showPlace(flow, place, retry);
  await pauseToRetry(refusal, seconds, signal);
  return 'again';
}

/** Not all at the same millisecond: the line is drawn from whoever comes. */
async function waitForOpening(flow: PurchaseFlow, opensAt: number): Promise<'again'> {
  const sale = flow.saleNow();
  if (sale !== undefined) flow.show({ kind: 'soon', sale, willBuy: true });
  const untilOpening = Math.max(0, (opensAt - serverNow()) / 1000);
  const spread = SPREAD.fromSeconds + SPREAD.seconds * Math.random();
  await pause(untilOpening + spread, flow.signal);
  return 'again';
}
