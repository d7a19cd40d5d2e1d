import { expect, it } from 'vitest';
import { PROBLEMS } from './problem-table.ts';

/** The contract's table of statuses, as clients were given it. */
const CONTRACT: Readonly<Record<number, readonly string[]>> = {
  400: ['malformed', 'proof-invalid'],
  401: ['edge-signature', 'signature-invalid', 'unauthenticated'],
  403: ['challenge-required', 'forbidden', 'lapsed', 'refused'],
  404: ['not-found', 'ticket-invalid', 'unknown-activity', 'unknown-order', 'unknown-sku'],
  405: ['method-not-allowed'],
  409: [
    ...['activity-live', 'already-paid', 'below-sold', 'ended', 'former-activity-open'],
    ...['immutable-field', 'limit-reached', 'line-full', 'not-open', 'overlap', 'proof-used'],
    ...['sold-out', 'ticket-invalid'],
  ],
  412: ['version-conflict'],
  413: ['too-large'],
  415: ['unsupported-media-type'],
  422: ['amount-mismatch', 'invalid'],
  428: ['if-match-required'],
  429: ['rate-limited'],
  503: ['busy', 'fenced', 'paused', 'unavailable'],
};
const WITH_RETRY_AFTER = ['line-full', 'rate-limited', 'busy', 'fenced', 'paused', 'unavailable'];

it('refusals have the statuses and slugs of the contract, and there are no others', () => {
  const byStatus: Record<number, string[]> = {};
  for (const { status, slug } of PROBLEMS.values()) {
    byStatus[status] = [...(byStatus[status] ?? []), slug].toSorted();
  }
  expect(byStatus).toEqual(CONTRACT);
});

it('whoever is asked to wait is told for how long', () => {
  const waits = [...PROBLEMS.values()].filter(({ hasRetryAfter }) => hasRetryAfter);
  expect(waits.map(({ slug }) => slug).toSorted()).toEqual(WITH_RETRY_AFTER.toSorted());
});
