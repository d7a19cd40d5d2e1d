// Who is calling: a bearer token, verified here and nowhere behind.
import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose';
import type { TokenTrust } from '../../shared/edge-settings.ts';
import type { Refusal } from '../../shared/refusal.ts';
import { isUserId } from '../../shared/words.ts';
import { BoundedMap } from '../bounded-map.ts';
import { type Log, nameOf } from '../log.ts';

export interface Caller {
  readonly userId: string;
  readonly isAdmin: boolean;
}

export type Identity =
  | { readonly kind: 'caller'; readonly caller: Caller }
  | { readonly kind: 'refuse'; readonly refusal: Refusal };

export type Identify = (headers: Headers) => Promise<Identity>;

const CLOCK_TOLERANCE_SECONDS = 5;
const BEARER = /^bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i;
const TOKEN_MAX_LENGTH = 4096;
const REQUIRED = { clockTolerance: CLOCK_TOLERANCE_SECONDS, requiredClaims: ['sub', 'exp'] };
/** How long a verified token is not verified again: a crowd repeats itself. */
const REMEMBERED_MS = 60_000;
const MAX_REMEMBERED = 10_000;
const UNAUTHENTICATED: Identity = { kind: 'refuse', refusal: { kind: 'unauthenticated' } };
const CANNOT_TELL: Identity = {
  kind: 'refuse',
  refusal: { kind: 'unavailable', retryAfterSeconds: 5 },
};

/**
 * A token that is missing, forged, expired or says no user: 401. Keys that cannot be fetched:
 * 503, for the token may be good. Algorithms are pinned; what the token names is never trusted.
 */
export function createIdentify(trust: TokenTrust, log: Log): Identify {
  const verify = trust.kind === 'secret' ? verifyBySecret(trust.secret) : verifyByJwks(trust.url);
  const known = new BoundedMap<string, Verified>(MAX_REMEMBERED);
  return async function identify(headers) {
    const authorization = headers.get('authorization') ?? '';
    if (authorization.length > TOKEN_MAX_LENGTH) return UNAUTHENTICATED;
    const verified = known.get(authorization);
    if (verified !== undefined && Date.now() < verified.until) return verified.identity;
    const token = BEARER.exec(authorization)?.[1];
    if (token === undefined) return UNAUTHENTICATED;
    try {
      const { sub, role, exp = 0 } = await verify(token);
      // The tolerance is for clocks that are late, not for tokens that have expired.
      if (exp * 1000 <= Date.now()) return UNAUTHENTICATED;
      if (typeof sub !== 'string' || !isUserId(sub)) return UNAUTHENTICATED;
      const caller = { userId: sub, isAdmin: role === 'admin' };
      const identity = { kind: 'caller', caller } as const;
      known.set(authorization, {
        identity,
        until: Math.min(exp * 1000, Date.now() + REMEMBERED_MS),
      });
      return identity;
    } catch (error) {
      if (isTokenFault(error)) return UNAUTHENTICATED;
      log({ event: 'keys of tokens away', level: 'error', detail: nameOf(error) });
      return CANNOT_TELL;
    }
  };
}

interface Verified {
  readonly identity: Identity;
  /** Epoch ms. */
  readonly until: number;
}

type Verify = (token: string) => Promise<JWTPayload>;

function verifyBySecret(secret: string): Verify {
  let key: CryptoKey | undefined;
  return async (token) => {
    key ??= await crypto.subtle.importKey(
      'raw',
      new TextEncoder().encode(secret),
      { name: 'HMAC', hash: 'SHA-256' },
      false,
      ['verify'],
    );
    return (await jwtVerify(token, key, { ...REQUIRED, algorithms: ['HS256'] })).payload;
  };
}

/** Keys are fetched with a deadline, kept ten minutes, and again at an unknown key id. */
function verifyByJwks(url: string): Verify {
  const keys = createRemoteJWKSet(new URL(url), {
    timeoutDuration: 2_000,
    cacheMaxAge: 600_000,
    cooldownDuration: 30_000,
  });
  const algorithms = ['RS256', 'ES256', 'EdDSA'];
  return async (token) => (await jwtVerify(token, keys, { ...REQUIRED, algorithms })).payload;
}

/** What is wrong with a token, as opposed to with the keys. */
function isTokenFault(error: unknown): boolean {
  return (
    error instanceof errors.JWTClaimValidationFailed ||
    error instanceof errors.JWTExpired ||
    error instanceof errors.JWTInvalid ||
    error instanceof errors.JWSInvalid ||
    error instanceof errors.JWSSignatureVerificationFailed ||
    error instanceof errors.JOSEAlgNotAllowed ||
    error instanceof errors.JOSENotSupported ||
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys
  );
}
