// Admins may call some of the origin's paths directly, with their own token.
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose';
import { isUserId } from '../../shared/words.ts';
import type { Caller } from '../caller.ts';

export type AdminTokenResult =
  | { readonly kind: 'caller'; readonly caller: Caller }
  | { readonly kind: 'invalid' };

const CLOCK_TOLERANCE_SECONDS = 5;
const JWKS_TIMEOUT_MS = 2_000;
const BEARER = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/;

export function createTokenCheck({
  secret,
  jwksUrl,
}: {
  readonly secret: string | undefined;
  readonly jwksUrl: string | undefined;
}): (authorization: string | undefined) => Promise<AdminTokenResult> {
  const options = { clockTolerance: CLOCK_TOLERANCE_SECONDS, requiredClaims: ['sub', 'exp'] };
  const verify = ((): ((token: string) => Promise<JWTPayload>) => {
    if (jwksUrl !== undefined) {
      const keys = createRemoteJWKSet(new URL(jwksUrl), { timeoutDuration: JWKS_TIMEOUT_MS });
      const algorithms = ['RS256', 'ES256', 'EdDSA'];
      return async (token) => (await jwtVerify(token, keys, { ...options, algorithms })).payload;
    }
    const key = new TextEncoder().encode(secret ?? '');
    return async (token) =>
      (await jwtVerify(token, key, { ...options, algorithms: ['HS256'] })).payload;
  })();

  return async function checkToken(authorization) {
    const token = BEARER.exec(authorization ?? '')?.[1];
    if (token === undefined) return { kind: 'invalid' };
    try {
      const { sub, role, exp = 0 } = await verify(token);
      // The tolerance is for clocks that are late, not for tokens that have expired.
      if (exp * 1000 <= Date.now()) return { kind: 'invalid' };
      if (sub === undefined || !isUserId(sub)) return { kind: 'invalid' };
      return { kind: 'caller', caller: role === 'admin' ? { sub, role } : { sub } };
    } catch {
      return { kind: 'invalid' };
    }
  };
}
