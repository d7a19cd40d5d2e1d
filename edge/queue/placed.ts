// The 202 of a purchase: what every answer tells that leaves a person with a place.
import { respondJson } from '../answer.ts';
import type { Call } from '../call.ts';
import { type Moment, queuedMembers, type Random, readyMembers } from './waiting.ts';

export interface PlaceIds {
  readonly ticket: string;
  readonly orderId: string;
}

export interface Wait {
  readonly moment: Moment;
  readonly random: Random;
}

const CONFIRMING_POLL_SECONDS = 1;

export function queued(call: Call, ids: PlaceIds, wait: Wait): Response {
  return placed(call, 'QUEUED', ids, queuedMembers(wait.moment, wait.random));
}

export function ready(call: Call, ids: PlaceIds, wait: Wait): Response {
  return placed(call, 'READY', ids, readyMembers(wait.moment, wait.random));
}

/** The place has been forwarded, and what came of it is not known yet. */
export function confirming(call: Call, ids: PlaceIds): Response {
  return placed(call, 'CONFIRMING', ids, { pollAfterSeconds: CONFIRMING_POLL_SECONDS });
}

function placed(
  call: Call,
  state: 'QUEUED' | 'READY' | 'CONFIRMING',
  { ticket, orderId }: PlaceIds,
  members: { readonly pollAfterSeconds: number },
): Response {
  const body = { state, ticket, orderId, ...members };
  const headers = { 'retry-after': String(members.pollAfterSeconds) };
  return respondJson(call, { status: 202, headers, body });
}
