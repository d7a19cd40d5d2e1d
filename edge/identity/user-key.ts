// The names under which a user stands in keys of Redis and in tickets.
import { USER_KEY_PLAIN_LENGTH } from '../../shared/keys.ts';
import { encodeBytes } from '../base64url.ts';
import { createHmac } from '../hmac.ts';

const HASH_BYTES = 16;

/** The id itself, or 16 bytes of HMAC where it is long. The origin does the same. */
export function createUserKey(secret: string): (userId: string) => Promise<string> {
  const sign = createHmac(secret);
  return async function userKeyOf(userId) {
    if (userId.length <= USER_KEY_PLAIN_LENGTH) return userId;
    return encodeBytes((await sign(userId)).subarray(0, HASH_BYTES));
  };
}

/** What stands in a ticket: it must not tell who carries it, nor be the same in two sales. */
export function createUserHash(
  secret: string,
): (of: { readonly userId: string; readonly activityId: string }) => Promise<string> {
  const sign = createHmac(secret);
  return async function userHashOf({ userId, activityId }) {
    const digest = await sign(`user\n${activityId}\n${userId}`);
    return encodeBytes(digest.subarray(0, HASH_BYTES));
  };
}
