// From a place to its turn: polls as it is told, says what it is told, and lets the purchase go on
// when the turn has come.
import * as v from 'valibot';
import { type Entry, entrySchema, type Place } from '../answers.ts';
import { findPlace } from '../api.ts';
import { remember, remembered } from '../memory.ts';
import { pause, pauseUntilSeen } from '../pause.ts';
import { serverNow } from '../server-clock.ts';
import { NO_RETRY, type Retry } from '../view.ts';
import { words } from '../words/words.ts';
import {
  endOver,
  endSoldOut,
  firstPosition,
  keepsakesOf,
  type PurchaseFlow,
  pauseToRetry,
  retryIn,
  retrySecondsAfter,
} from './flow.ts';

const LEAST_PAUSE_SECONDS = 0.3;
/** After the start: nobody is quicker than a person could be, for whoever is looks like a script. */
const SPREAD = { fromSeconds: 0.3, seconds: 0.5 };
const SOLD_OUT_POLL_SECONDS = { first: 5, most: 30 };

/**
 * `enter`: post the place. `late`: post it too, but its turn has passed. `over`: what there is to
 * say has been said.
 */
export interface Waited {
  readonly end: 'enter' | 'late' | 'over';
  readonly place: Place;
}

export interface Given {
  readonly place: Place;
  /** The edge has just answered a purchase with it, so a turn that has come is not yet to be had. */
  readonly isAnswer: boolean;
  readonly retry?: Retry;
}

export async function waitForTurn(flow: PurchaseFlow, given: Given): Promise<Waited> {
  let { place, isAnswer, retry = NO_RETRY } = given;
  let failures = 0;
  let soldOutPolls = 0;
  for (;;) {
    showPlace(flow, place, retry);
    if (place.state === 'ENDED') return { end: 'over', place };
    if (place.state === 'EXPIRED') return { end: 'late', place };
    soldOutPolls = place.state === 'SOLD_OUT' ? soldOutPolls + 1 : 0;
    const isCalled = place.state === 'READY' || place.state === 'CONFIRMING';
    if (isCalled) {
      if (isAnswer) await pause(atLeast(place.pollAfterSeconds), flow.signal);
      return { end: 'enter', place };
    }
    if (failures === 0) await pauseUntilSeen(pollSeconds(flow, place, soldOutPolls), flow.signal);
    const answer = await findPlace(place.ticket);
    flow.signal.throwIfAborted();
    isAnswer = false;
    if (answer.kind === 'place') {
      place = answer.place;
      remember(keepsakesOf(flow).ticketOf, place.ticket);
      [retry, failures] = [NO_RETRY, 0];
      if (place.state === 'PRE_QUEUE') await flow.lookAtSale();
      flow.signal.throwIfAborted();
    } else if (answer.slug === 'ticket-invalid') {
      return { end: 'enter', place };
    } else {
      const seconds = retrySecondsAfter(answer, failures);
      failures += 1;
      retry = retryIn(seconds, answer);
      showPlace(flow, place, retry);
      await pauseToRetry(answer, seconds, flow.signal);
    }
  }
}

/** Says where the place stands. */
export function showPlace(flow: PurchaseFlow, given: Place, retry: Retry): void {
  const { show } = flow;
  const place = withEntry(flow, given);
  if (place.state === 'SOLD_OUT') endSoldOut(flow, 'kept');
  else if (place.state === 'ENDED') endOver(flow);
  else if (place.state === 'READY') show({ kind: 'turn', retry });
  else if (place.state === 'CONFIRMING') show({ kind: 'confirming', orderId: place.orderId });
  else if (place.state === 'PRE_QUEUE') {
    show({ kind: 'entered', place, sale: flow.saleNow(), retry });
  } else if (place.state === 'QUEUED') {
    const first = firstPosition(flow, place.position ?? 1);
    show({ kind: 'waiting', place, first, retry });
  }
}

/** Told when the place that was posted had run out: it is a new one, and why. */
export function missedTurn(): Retry {
  return { note: words().missedTurn, retryAt: undefined };
}

function pollSeconds(flow: PurchaseFlow, place: Place, soldOutPolls: number): number {
  const asked = atLeast(place.pollAfterSeconds);
  if (place.state === 'SOLD_OUT') {
    const { first, most } = SOLD_OUT_POLL_SECONDS;
    return Math.max(asked, Math.min(most, first * soldOutPolls)) + Math.random();
  }
  const startAt = flow.saleNow()?.startAt ?? 0;
  const untilStart = (startAt - serverNow()) / 1000;
  if (place.state !== 'PRE_QUEUE' || untilStart <= 0) return asked;
  return Math.min(asked, untilStart + SPREAD.fromSeconds + SPREAD.seconds * Math.random());
}

const atLeast = (seconds: number) => Math.max(LEAST_PAUSE_SECONDS, seconds);

/** Polls do not say again what proves a draw entry. */
function withEntry(flow: PurchaseFlow, place: Place): Place {
  const { entryOf } = keepsakesOf(flow);
  if (place.entry !== undefined) {
    remember(entryOf, JSON.stringify(place.entry));
    return place;
  }
  const entry = parseEntry(remembered(entryOf));
  return entry === undefined ? place : { ...place, entry };
}

function parseEntry(text: string | undefined): Entry | undefined {
  const json = v.pipe(v.string(), v.parseJson(), entrySchema);
  const { success, output } = v.safeParse(json, text);
  return success ? output : undefined;
}
