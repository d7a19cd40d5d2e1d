// What the edge signs and the origin checks on every forwarded request.
// Both sides build the text here; the HMAC is computed with what each runtime has.

export const EDGE_HEADERS = {
  keyId: 'x-edge-key-id',
  time: 'x-edge-time',
  nonce: 'x-edge-nonce',
  target: 'x-edge-target',
  claims: 'x-edge-claims',
  signature: 'x-edge-signature',
} as const;

export const EDGE_TIME_WINDOW_MS = 30_000;
export const NONCE_LIFETIME_MS = 60_000;

export interface EdgeClaims {
  readonly sub?: string;
  readonly role?: 'admin';
  readonly orderId?: string;
  readonly activityId?: string;
}

export interface SignedParts {
  readonly method: string;
  /** Path with query, as sent. */
  readonly path: string;
  /** SHA-256 of the body, lower-case hex. */
  readonly bodyHash: string;
  /** Epoch milliseconds, decimal. */
  readonly time: string;
  /** 16 random bytes, base64url. */
  readonly nonce: string;
  /** The hostname that the edge called, without port. */
  readonly target: string;
  /** base64url of the claims' JSON. */
  readonly claims: string;
}

/** SHA-256 of nothing, lower-case hex. */
export const EMPTY_BODY_HASH = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** The text under HMAC-SHA256: seven parts joined by line feeds. */
export function signedText(parts: SignedParts): string {
  const { method, path, bodyHash, time, nonce, target, claims } = parts;
  return `${method}\n${path}\n${bodyHash}\n${time}\n${nonce}\n${target}\n${claims}`;
}
