// The 202 of a purchase: what every answer tells that leaves a person with a place.
import { answerJson } from '../answer.ts';
import { type Moment, queuedMembers, type Random, readyMembers } from './waiting.ts';

export interface PlaceIds {
  readonly ticket: string;
  readonly orderId: string;
}

const CONFIRMING_POLL_SECONDS = 1;

export function queued(ids: PlaceIds, moment: Moment, random: Random): Response {
  return placed('QUEUED', ids, queuedMembers(moment, random));
}

export function ready(ids: PlaceIds, moment: Moment, random: Random): Response {
  return placed('READY', ids, readyMembers(moment, random));
}

/** The place has been forwarded, and what came of it is not known yet. */
export function confirming(ids: PlaceIds): Response {
  return placed('CONFIRMING', ids, { pollAfterSeconds: CONFIRMING_POLL_SECONDS });
}

function placed(
  state: 'QUEUED' | 'READY' | 'CONFIRMING',
  { ticket, orderId }: PlaceIds,
  members: { readonly pollAfterSeconds: number },
): Response {
  const body = { state, ticket, orderId, ...members };
  const headers = { 'retry-after': String(members.pollAfterSeconds) };
  return answerJson(body, { status: 202, headers });
}
