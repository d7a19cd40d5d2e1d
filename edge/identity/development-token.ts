// POST /api/dev/token: a token for whoever asks, on a developer's machine only.
import { SignJWT } from 'jose';
import { BUYER_BODY_LIMIT_BYTES, developmentTokenBodySchema } from '../../shared/purchase.ts';
import { refuse, respondJson } from '../answer.ts';
import { parseBody } from '../body/parse-body.ts';
import { readBody } from '../body/read-body.ts';
import type { Call } from '../call.ts';

const LIFETIME_SECONDS = 3_600;

export function createDevelopmentToken(secret: string) {
  const key = new TextEncoder().encode(secret);
  return async function makeToken(call: Call): Promise<Response> {
    const read = await readBody(call.request, BUYER_BODY_LIMIT_BYTES);
    if (read.kind === 'refuse') return refuse(call, read.refusal);
    const parsed = parseBody(call.request, read.bytes, developmentTokenBodySchema);
    if (parsed.kind === 'refuse') return refuse(call, parsed.refusal);
    const { userId, role } = parsed.value;
    const issuedAt = Math.floor(Date.now() / 1000);
    const expiresAt = issuedAt + LIFETIME_SECONDS;
    const token = await new SignJWT(role === undefined ? {} : { role })
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(userId)
      .setIssuedAt(issuedAt)
      .setExpirationTime(expiresAt)
      .sign(key);
    const body = { token, expiresAt: new Date(expiresAt * 1000).toISOString() };
    return respondJson(call, { status: 200, body });
  };
}
