// The one map from refusals to RFC 9457 problem documents.
import { activityWireOf } from './activity-problem.ts';
import { deviceWireOf } from './device-problem.ts';
import type { PlaceFacts, Refusal } from './refusal.ts';
import type { Wire } from './wire.ts';

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly [member: string]: unknown;
}

export interface ProblemAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Problem;
}

export const PROBLEM_CONTENT_TYPE = 'application/problem+json';

/** The answer to a refusal; `requestId` becomes `instance`. */
export function problemAnswer(refusal: Refusal, requestId: string): ProblemAnswer {
  const { status, title, detail, slug = refusal.kind, members, headers } = wireOf(refusal);
  return {
    status,
    headers: { 'content-type': PROBLEM_CONTENT_TYPE, 'cache-control': 'no-store', ...headers },
    body: { type: `/problems/${slug}`, title, status, detail, instance: requestId, ...members },
  };
}

const rfc3339 = (ms: number): string => new Date(ms).toISOString();
const wait = (seconds: number) => ({ 'retry-after': String(Math.max(1, Math.ceil(seconds))) });

/** What is wrong with a body as a whole stands at the pointer that names the whole. */
function errorsOf({ detail, errors = [] }: Extract<Refusal, { kind: 'malformed' }>) {
  return errors.length > 0 ? errors : [{ pointer: '', code: 'invalid', detail }];
}

function wireOf(refusal: Refusal): Wire {
  switch (refusal.kind) {
    case 'malformed':
      return {
        status: 400,
        title: 'Malformed request',
        detail: refusal.detail,
        members: { errors: errorsOf(refusal) },
      };
    case 'invalid':
      return {
        status: 422,
        title: 'Invalid values',
        detail: 'Some members cannot be accepted; see errors.',
        members: { errors: refusal.errors },
      };
    case 'unauthenticated':
      return {
        status: 401,
        title: 'Not signed in',
        detail: 'A valid bearer token is required.',
        headers: { 'www-authenticate': 'Bearer' },
      };
    case 'edge-signature':
      return {
        status: 401,
        title: 'Not signed by the edge',
        detail: 'This service accepts requests that the edge has signed.',
      };
    case 'forbidden':
      return { status: 403, title: 'Not allowed', detail: 'This call is for administrators.' };
    case 'lapsed':
      return {
        status: 403,
        title: 'Too many unpaid orders',
        detail: 'Earlier orders in this sale were not paid in time.',
      };
    case 'not-found':
      return { status: 404, title: 'Not found', detail: 'There is nothing at this address.' };
    case 'unknown-sku':
      return { status: 404, title: 'Unknown item', detail: 'No sale is known for this item.' };
    case 'unknown-order':
      return {
        status: 404,
        title: 'Unknown order',
        detail: 'No order of yours has this id.',
        members: refusal.showReceipt ? { showReceipt: true } : {},
      };
    case 'unknown-activity':
      return { status: 404, title: 'Unknown activity', detail: 'No activity has this id.' };
    case 'unknown-ticket':
      return {
        status: 404,
        slug: 'ticket-invalid',
        title: 'Unknown ticket',
        detail: 'This ticket is not one of ours.',
      };
    case 'method-not-allowed':
      return {
        status: 405,
        title: 'Method not allowed',
        detail: `Allowed here: ${refusal.allow}.`,
        headers: { allow: refusal.allow },
      };
    case 'too-large':
      return {
        status: 413,
        title: 'Body too large',
        detail: `The body may have at most ${refusal.limitBytes} bytes.`,
      };
    case 'unsupported-media-type':
      return {
        status: 415,
        title: 'Unsupported media type',
        detail: 'Bodies are application/json.',
      };
    case 'proof-invalid':
    case 'proof-used':
    case 'refused':
    case 'challenge-required':
      return deviceWireOf(refusal);
    case 'overlap':
    case 'former-activity-open':
    case 'immutable-field':
    case 'below-sold':
    case 'activity-live':
    case 'version-conflict':
    case 'if-match-required':
      return activityWireOf(refusal);
    default:
      return saleWireOf(refusal);
  }
}

type SaleRefusal = Extract<
  Refusal,
  {
    kind:
      | 'not-open'
      | 'ended'
      | 'sold-out'
      | 'limit-reached'
      | 'line-full'
      | 'ticket-invalid'
      | 'already-paid'
      | 'amount-mismatch'
      | 'signature-invalid'
      | 'rate-limited'
      | 'paused'
      | 'busy'
      | 'fenced'
      | 'unavailable';
  }
>;

function saleWireOf(refusal: SaleRefusal): Wire {
  switch (refusal.kind) {
    case 'not-open':
      return {
        status: 409,
        title: 'Not open yet',
        detail: 'The sale has not opened yet.',
        members: { opensAt: rfc3339(refusal.opensAt), serverTime: rfc3339(refusal.serverTime) },
      };
    case 'ended':
      return { status: 409, title: 'Sale ended', detail: 'This sale is over.' };
    case 'sold-out':
      return {
        status: 409,
        title: 'Sold out',
        detail: refusal.unitsMayReturn
          ? 'All units are taken; unpaid ones may return.'
          : 'There are not enough units left.',
        members: { unitsMayReturn: refusal.unitsMayReturn },
      };
    case 'limit-reached':
      return {
        status: 409,
        title: 'Limit reached',
        detail: `At most ${refusal.limit} per person in this sale.`,
        members: { limit: refusal.limit, orders: refusal.orders },
      };
    case 'line-full':
      return {
        status: 409,
        title: 'The line is full',
        detail: 'No more people can join right now; try again.',
        headers: wait(refusal.retryAfterSeconds),
      };
    case 'ticket-invalid':
      return {
        status: 409,
        title: 'Ticket not valid here',
        detail: 'This ticket does not belong to you or to this sale.',
      };
    case 'already-paid':
      return { status: 409, title: 'Already paid', detail: 'A paid order is not cancelled.' };
    case 'amount-mismatch':
      return {
        status: 422,
        title: 'Another amount',
        detail: 'Amount or currency are not those of the order.',
      };
    case 'signature-invalid':
      return { status: 401, title: 'Not signed', detail: 'No valid signature for this body.' };
    case 'rate-limited':
      return {
        status: 429,
        title: 'Too many requests',
        detail: 'Slow down and try again.',
        headers: wait(refusal.retryAfterSeconds),
      };
    case 'paused':
      return unavailable(refusal, 'Sale paused', 'The sale is paused; your place is kept.');
    case 'busy':
      return unavailable(refusal, 'Busy', 'Too much at once; try again in a moment.');
    case 'fenced':
      return unavailable(refusal, 'Checking stock', 'Selling is stopped while stock is checked.');
    case 'unavailable':
      return unavailable(refusal, 'Unavailable', 'This cannot be decided right now; try again.');
  }
}

function unavailable(
  facts: PlaceFacts & { readonly retryAfterSeconds: number },
  title: string,
  detail: string,
): Wire {
  const { ticket, orderId } = facts;
  const members = {
    ...(ticket === undefined ? {} : { ticket }),
    ...(orderId === undefined ? {} : { orderId }),
  };
  return { status: 503, title, detail, members, headers: wait(facts.retryAfterSeconds) };
}
