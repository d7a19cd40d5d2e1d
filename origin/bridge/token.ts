import { hash, timingSafeEqual } from 'node:crypto';

/**
 * Makes the check of the Authorization header (RFC 6750). Both sides are hashed first, so that
 * the comparison takes the same time whatever the caller sent, length included.
 */
export function tokenCheck(token: string): (authorization: string | undefined) => boolean {
  const expected = hash('sha256', token, 'buffer');
  return function isAuthorized(authorization) {
    if (authorization === undefined) return false;
    if (authorization.slice(0, 7).toLowerCase() !== 'bearer ') return false;
    return timingSafeEqual(hash('sha256', authorization.slice(7), 'buffer'), expected);
  };
}
