// The 202 of a purchase: what every answer tells that leaves a person with a place.
import { respondJson } from '../answer.ts';
import type { Call } from '../call.ts';
import {
  entryMembers,
  type Line,
  type Moment,
  queuedMembers,
  type Random,
  readyMembers,
} from './waiting.ts';

export interface PlaceIds {
  readonly ticket: string;
  readonly orderId: string;
}

export interface Wait {
  readonly moment: Moment;
  readonly line: Line & { readonly noUnit?: boolean };
  readonly random: Random;
}

/** What proves an entry in the draw later. */
export interface ProvenEntry {
  readonly index: number;
  readonly leaf: string;
  readonly receipt: string;
}

const CONFIRMING_POLL_SECONDS = 1;

export function queued(call: Call, ids: PlaceIds, { moment, line, random }: Wait): Response {
  return placed(call, 'QUEUED', ids, queuedMembers(moment, line, random));
}

export function ready(call: Call, ids: PlaceIds, wait: Pick<Wait, 'moment' | 'random'>): Response {
  return placed(call, 'READY', ids, readyMembers(wait.moment, wait.random));
}

/** It takes part in the draw, which is held at the start. */
export function enteredDraw(
  call: Call,
  ids: PlaceIds,
  { line, random, entry }: Omit<Wait, 'moment'> & { readonly entry: ProvenEntry },
): Response {
  const members = entryMembers(line.status.startAt - line.nowMs, random);
  return placed(call, 'PRE_QUEUE', ids, { ...members, entry });
}

/** The place has been forwarded, and what came of it is not known yet. */
export function confirming(call: Call, ids: PlaceIds): Response {
  return placed(call, 'CONFIRMING', ids, { pollAfterSeconds: CONFIRMING_POLL_SECONDS });
}

function placed(
  call: Call,
  state: 'PRE_QUEUE' | 'QUEUED' | 'READY' | 'CONFIRMING',
  { ticket, orderId }: PlaceIds,
  members: { readonly pollAfterSeconds: number; readonly entry?: ProvenEntry },
): Response {
  const body = { state, ticket, orderId, ...members };
  const headers = { 'retry-after': String(members.pollAfterSeconds) };
  return respondJson(call, { status: 202, headers, body });
}
