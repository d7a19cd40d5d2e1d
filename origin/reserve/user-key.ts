// The part of a key that names a user: the id itself, or 16 bytes of HMAC when it is long.
import { createHmac } from 'node:crypto';
import { USER_KEY_PLAIN_LENGTH } from '../../shared/keys.ts';

const HASH_BYTES = 16;

export function createUserKey(secret: string): (userId: string) => string {
  return (userId) =>
    userId.length <= USER_KEY_PLAIN_LENGTH
      ? userId
      : createHmac('sha256', secret)
          .update(userId)
          .digest()
          .subarray(0, HASH_BYTES)
          .toString('base64url');
}
