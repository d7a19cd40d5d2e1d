// The names under which a user stands in keys of Redis and in tickets.
import { USER_KEY_PLAIN_LENGTH } from '../../shared/keys.ts';
import { encodeBytes } from '../base64url.ts';
import { createHmac } from '../hmac.ts';
import { remembering } from '../remembering.ts';

const HASH_BYTES = 16;
const MAX_REMEMBERED = 10_000;

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
  const hashOf = remembering(MAX_REMEMBERED, async (name) =>
    encodeBytes((await sign(name)).subarray(0, HASH_BYTES)),
  );
  return async function userHashOf({ userId, activityId }) {
    return hashOf(`user\n${activityId}\n${userId}`);
  };
}
