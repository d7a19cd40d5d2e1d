// Every "no" of the system, with its facts. `problem.ts` maps each to the wire, exhaustively:
// a reason added here does not compile until it is mapped there.
import type { Challenge } from './challenge.ts';
import type { FieldError } from './field-error.ts';

/** What a refusal after admission carries, so that the buyer keeps the place. */
export interface PlaceFacts {
  readonly ticket?: string;
  readonly orderId?: string;
}

export type Refusal =
  | { readonly kind: 'malformed'; readonly detail: string; readonly errors?: readonly FieldError[] }
  | { readonly kind: 'invalid'; readonly errors: readonly FieldError[] }
  | { readonly kind: 'unauthenticated' }
  | { readonly kind: 'edge-signature' }
  | { readonly kind: 'proof-invalid' }
  | { readonly kind: 'proof-used' }
  | { readonly kind: 'refused'; readonly reference: string }
  | { readonly kind: 'challenge-required'; readonly challenge: Challenge }
  | { readonly kind: 'forbidden' }
  | { readonly kind: 'lapsed' }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'unknown-sku' }
  | { readonly kind: 'unknown-order'; readonly showReceipt: boolean }
  | { readonly kind: 'unknown-activity' }
  | { readonly kind: 'unknown-ticket' }
  | { readonly kind: 'method-not-allowed'; readonly allow: string }
  | { readonly kind: 'too-large'; readonly limitBytes: number }
  | { readonly kind: 'unsupported-media-type' }
  | { readonly kind: 'not-open'; readonly opensAt: number; readonly serverTime: number }
  | { readonly kind: 'ended' }
  | { readonly kind: 'sold-out'; readonly unitsMayReturn: boolean }
  | { readonly kind: 'limit-reached'; readonly limit: number; readonly orders: readonly string[] }
  | { readonly kind: 'line-full'; readonly retryAfterSeconds: number }
  | { readonly kind: 'ticket-invalid' }
  | { readonly kind: 'already-paid' }
  | { readonly kind: 'amount-mismatch' }
  | { readonly kind: 'signature-invalid' }
  | { readonly kind: 'overlap'; readonly activityId: string }
  | { readonly kind: 'former-activity-open'; readonly activityId: string }
  | { readonly kind: 'immutable-field'; readonly errors: readonly FieldError[] }
  | { readonly kind: 'below-sold'; readonly sold: number }
  | { readonly kind: 'activity-live' }
  | { readonly kind: 'version-conflict' }
  | { readonly kind: 'if-match-required' }
  | { readonly kind: 'rate-limited'; readonly retryAfterSeconds: number }
  | (PlaceFacts & { readonly kind: 'paused'; readonly retryAfterSeconds: number })
  | (PlaceFacts & { readonly kind: 'busy'; readonly retryAfterSeconds: number })
  | (PlaceFacts & { readonly kind: 'fenced'; readonly retryAfterSeconds: number })
  | (PlaceFacts & { readonly kind: 'unavailable'; readonly retryAfterSeconds: number });

export type RefusalKind = Refusal['kind'];
