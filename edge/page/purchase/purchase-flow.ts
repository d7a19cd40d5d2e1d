// One purchase from the press of the button to its answer. The buyer pressed "buy" once: from there
// the page waits in line, enters when its turn comes, and repeats whatever got no clear answer.
import type { Order, Place, Refused } from '../answers.ts';
import { findPlace, type PurchaseAnswer, purchase } from '../api.ts';
import { deviceTokenOf, earnDeviceToken, type OnProgress } from '../attestation.ts';
import {
  forget,
  forgetDevice,
  forgetOrder,
  remember,
  remembered,
  rememberedOrders,
} from '../memory.ts';
import { stayAwake } from '../stay-awake.ts';
import { NO_RETRY } from '../view.ts';
import { afterRefusal } from './after-refusal.ts';
import { buyerOf, forgetPlace, keepsakesOf, type PurchaseFlow } from './flow.ts';
import { type Given, missedTurn, waitForTurn } from './wait-for-turn.ts';
import { watchOrder } from './watch-order.ts';

/** In one purchase: who solved them all and is asked again need not be kept busy. */
const MOST_CHALLENGES = 3;
const UNSOLVED: Refused = {
  kind: 'refused',
  slug: 'challenge-required',
  problem: { type: '/problems/challenge-required', detail: '' },
  retryAfterSeconds: undefined,
};

/** Where a purchase stands between two posts. */
interface Progress {
  place: Place | undefined;
  /** The place that is posted now had its turn, and nobody came. */
  isLate: boolean;
  challenges: number;
  failures: number;
}

/** Ends with a final answer on the screen; rejects only when the signal aborts. */
export async function runPurchase(flow: PurchaseFlow): Promise<void> {
  const awake = stayAwake(flow.signal);
  const order = await reachOrder(flow).finally(awake.end);
  if (order !== undefined) return watchOrder(flow, { order });
}

/** One more, after an order that the buyer has; a reload goes on with it like with the first. */
export async function runAnother(flow: PurchaseFlow, order: Order): Promise<void> {
  forgetPlace(flow);
  const latest = rememberedOrders(buyerOf(flow)).at(-1) ?? order.orderId;
  remember(keepsakesOf(flow).againOf, latest);
  if (order.status === 'CANCELLED') forgetOrder(buyerOf(flow), order.orderId);
  return runPurchase(flow);
}

type Step = 'again' | 'over';

async function reachOrder(flow: PurchaseFlow): Promise<Order | undefined> {
  const progress: Progress = { place: undefined, isLate: false, challenges: 0, failures: 0 };
  if ((await goOnWaiting(flow, progress)) === 'over') return undefined;
  for (;;) {
    const answer = await attempt(flow);
    flow.signal.throwIfAborted();
    if (answer.kind === 'order') {
      forget(keepsakesOf(flow).againOf);
      return answer.order;
    }
    const end =
      answer.kind === 'place'
        ? await meetPlace(flow, progress, answer.place)
        : await meetRefusal(flow, progress, answer);
    if (end === 'over') return undefined;
  }
}

/** After a reload or in another tab the place is there: looking it up costs nobody anything. */
async function goOnWaiting(flow: PurchaseFlow, progress: Progress): Promise<Step> {
  flow.show({ kind: 'asking' });
  const ticket = remembered(keepsakesOf(flow).ticketOf);
  if (ticket === undefined) return 'again';
  const answer = await findPlace(ticket);
  flow.signal.throwIfAborted();
  if (answer.kind !== 'place') return 'again';
  return wait(flow, progress, { place: answer.place, isAnswer: false });
}

async function meetPlace(flow: PurchaseFlow, progress: Progress, place: Place): Promise<Step> {
  const isNew = progress.isLate && place.state === 'QUEUED';
  if (isNew) forgetPlace(flow);
  remember(keepsakesOf(flow).ticketOf, place.ticket);
  progress.failures = 0;
  return wait(flow, progress, { place, isAnswer: true, retry: isNew ? missedTurn() : NO_RETRY });
}

async function wait(flow: PurchaseFlow, progress: Progress, given: Given): Promise<Step> {
  progress.place = given.place;
  const { end, place } = await waitForTurn(flow, given);
  progress.place = place;
  progress.isLate = end === 'late';
  return end === 'over' ? 'over' : 'again';
}

async function meetRefusal(
  flow: PurchaseFlow,
  progress: Progress,
  refusal: Refused,
): Promise<Step> {
  if (refusal.slug === 'challenge-required' && progress.challenges < MOST_CHALLENGES) {
    progress.challenges += 1;
    return meetChallenge(flow, refusal);
  }
  const { ticket } = refusal.problem;
  if (ticket !== undefined) remember(keepsakesOf(flow).ticketOf, ticket);
  const { place, failures } = progress;
  progress.failures += 1;
  return afterRefusal(flow, { refusal, place, failures });
}

/** Posts the purchase; a device that is not known yet shows itself first. */
async function attempt(flow: PurchaseFlow): Promise<PurchaseAnswer> {
  const { skuId, session, signal } = flow;
  const earned = await deviceTokenOf(session, progressOf(flow));
  signal.throwIfAborted();
  if (earned.kind === 'refused') return earned;
  if (earned.kind === 'unsolved') return UNSOLVED;
  const { deviceToken } = earned;
  const { ticketOf, againOf } = keepsakesOf(flow);
  const [ticket, again] = [remembered(ticketOf), remembered(againOf)];
  return purchase({ skuId, token: session.token, deviceToken, ticket, again });
}

/** Works out what the answer asks for; the purchase is then posted again. */
async function meetChallenge(flow: PurchaseFlow, { problem }: Refused): Promise<Step> {
  const { session, signal } = flow;
  const { challenge } = problem;
  forgetDevice(session.userId);
  if (challenge === undefined) return 'again';
  const onProgress = progressOf(flow);
  onProgress(0);
  const earned = await earnDeviceToken(session, { challenge, onProgress });
  signal.throwIfAborted();
  flow.show({ kind: 'asking' });
  if (earned.kind === 'earned') return 'again';
  const refusal = earned.kind === 'refused' ? earned : UNSOLVED;
  return afterRefusal(flow, { refusal, place: undefined, failures: 0 });
}

function progressOf({ show, signal }: PurchaseFlow): OnProgress {
  return (share) => {
    if (!signal.aborted) show({ kind: 'checking', share });
  };
}
