// Tokens of buyers, good and bad ones; made with nothing but HMAC, as a client from outside would.
import { createHmac } from 'node:crypto';

const HOUR_SECONDS = 3_600;

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const nowSeconds = () => Math.floor(Date.now() / 1000);

export interface TokenMaker {
  good(userId: string): string;
  admin(userId: string): string;
  forged(userId: string): string;
  expired(userId: string): string;
  unsigned(userId: string): string;
}

export function tokensOf(secret: string): TokenMaker {
  const sign = (claims: object, key: string) => {
    const text = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
    return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
  };
  const claims = (sub: string) => ({ sub, exp: nowSeconds() + HOUR_SECONDS });
  return {
    good: (sub) => sign(claims(sub), secret),
    admin: (sub) => sign({ ...claims(sub), role: 'admin' }, secret),
    forged: (sub) => sign(claims(sub), `not ${secret}`),
    expired: (sub) => sign({ sub, exp: nowSeconds() - HOUR_SECONDS }, secret),
    unsigned: (sub) => `${encode({ alg: 'none', typ: 'JWT' })}.${encode(claims(sub))}.`,
  };
}
