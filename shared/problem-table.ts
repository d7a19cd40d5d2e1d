// Every problem that can be answered, with its status and title: what `problem.ts` makes of one
// refusal of each kind, so that a document and the answers cannot differ.
import { problemAnswer } from './problem.ts';
import type { Refusal, RefusalKind } from './refusal.ts';

export interface ProblemEntry {
  readonly slug: string;
  readonly status: number;
  readonly title: string;
  readonly hasRetryAfter: boolean;
}

const retryAfterSeconds = 1;

const EXAMPLES: { readonly [Kind in RefusalKind]: Extract<Refusal, { readonly kind: Kind }> } = {
  malformed: { kind: 'malformed', detail: '' },
  invalid: { kind: 'invalid', errors: [] },
  unauthenticated: { kind: 'unauthenticated' },
  'edge-signature': { kind: 'edge-signature' },
  'signature-invalid': { kind: 'signature-invalid' },
  'proof-invalid': { kind: 'proof-invalid' },
  'proof-used': { kind: 'proof-used' },
  refused: { kind: 'refused', reference: '' },
  'challenge-required': {
    kind: 'challenge-required',
    challenge: { algorithm: 'TURNSTILE', siteKey: '', action: '', cData: '', expiresAt: '' },
  },
  forbidden: { kind: 'forbidden' },
  lapsed: { kind: 'lapsed' },
  'not-found': { kind: 'not-found' },
  'unknown-sku': { kind: 'unknown-sku' },
  'unknown-order': { kind: 'unknown-order', showReceipt: false },
  'unknown-activity': { kind: 'unknown-activity' },
  'unknown-ticket': { kind: 'unknown-ticket' },
  'method-not-allowed': { kind: 'method-not-allowed', allow: 'GET' },
  'too-large': { kind: 'too-large', limitBytes: 0 },
  'unsupported-media-type': { kind: 'unsupported-media-type' },
  'not-open': { kind: 'not-open', opensAt: 0, serverTime: 0 },
  ended: { kind: 'ended' },
  'sold-out': { kind: 'sold-out', unitsMayReturn: false },
  'limit-reached': { kind: 'limit-reached', limit: 1, orders: [] },
  'line-full': { kind: 'line-full', retryAfterSeconds },
  'ticket-invalid': { kind: 'ticket-invalid' },
  'already-paid': { kind: 'already-paid' },
  'amount-mismatch': { kind: 'amount-mismatch' },
  overlap: { kind: 'overlap', activityId: '' },
  'former-activity-open': { kind: 'former-activity-open', activityId: '' },
  'immutable-field': { kind: 'immutable-field', errors: [] },
  'below-sold': { kind: 'below-sold', sold: 0 },
  'activity-live': { kind: 'activity-live' },
  'version-conflict': { kind: 'version-conflict' },
  'if-match-required': { kind: 'if-match-required' },
  'rate-limited': { kind: 'rate-limited', retryAfterSeconds },
  paused: { kind: 'paused', retryAfterSeconds },
  busy: { kind: 'busy', retryAfterSeconds },
  fenced: { kind: 'fenced', retryAfterSeconds },
  unavailable: { kind: 'unavailable', retryAfterSeconds },
};

/** By the refusal's kind; two kinds may share a slug, under different statuses. */
export const PROBLEMS: ReadonlyMap<RefusalKind, ProblemEntry> = new Map(
  Object.values(EXAMPLES).map((refusal) => {
    const { status, headers, body } = problemAnswer(refusal, '');
    const { title, type } = body;
    const slug = type.replace('/problems/', '');
    return [refusal.kind, { slug, status, title, hasRetryAfter: 'retry-after' in headers }];
  }),
);
