// Page tokens: when a page was served, signed. They stand in the page and come back as
// `X-Page-Token`; one clock, the edge's, tells both ends of the time between.
import { encodeBytes } from '../base64url.ts';
import { isEqualText } from '../equal-texts.ts';
import { createHmac } from '../hmac.ts';

export interface PageTokens {
  sign(now: number): Promise<string>;
  /** Ms since the page was served, never negative; null without a token of ours. */
  ageOf(text: string | null, now: number): Promise<number | null>;
}

/** A page left open for longer says nothing about who buys. */
const MAX_AGE_MS = 24 * 60 * 60 * 1000;
const FORM = /^1\.([0-9a-z]{1,10})\.([A-Za-z0-9_-]{12})\.([A-Za-z0-9_-]{22})$/;
const NONCE_BYTES = 9;
const SIGNATURE_BYTES = 16;

export function createPageTokens(secret: string): PageTokens {
  const hmac = createHmac(secret);
  async function signatureOf(signed: string): Promise<string> {
    return encodeBytes((await hmac(`page\n${signed}`)).subarray(0, SIGNATURE_BYTES));
  }
  return {
    async sign(now) {
      const nonce = encodeBytes(crypto.getRandomValues(new Uint8Array(NONCE_BYTES)));
      const signed = `1.${now.toString(36)}.${nonce}`;
      return `${signed}.${await signatureOf(signed)}`;
    },
    async ageOf(text, now) {
      const [, time = '', nonce, signature] = FORM.exec(text ?? '') ?? [];
      if (signature === undefined) return null;
      if (!isEqualText(signature, await signatureOf(`1.${time}.${nonce}`))) return null;
      const age = Math.max(0, now - Number.parseInt(time, 36));
      return age <= MAX_AGE_MS ? age : null;
    },
  };
}
