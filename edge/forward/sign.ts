// What makes a request one that the origin believes.
import {
  EDGE_HEADERS,
  type EdgeClaims,
  EMPTY_BODY_HASH,
  signedText,
} from '../../shared/edge-signature.ts';
import { encodeBytes, encodeText } from '../base64url.ts';
import { hexOf } from '../hex.ts';
import { createHmac } from '../hmac.ts';

export interface Signable {
  readonly method: string;
  readonly url: URL;
  readonly body: Uint8Array;
  readonly claims: EdgeClaims;
  /** Epoch ms, near the origin's clock. */
  readonly timeMs: number;
}

export type SignRequest = (request: Signable) => Promise<Record<string, string>>;

const NONCE_BYTES = 16;

/** Makes the headers for one sending of a request: each has a time and a nonce of its own. */
export function createSignRequest(key: {
  readonly id: string;
  readonly secret: string;
}): SignRequest {
  const hmac = createHmac(key.secret);
  return async function signRequest({ method, url, body, claims: claimed, timeMs }) {
    const time = String(timeMs);
    const nonce = encodeBytes(crypto.getRandomValues(new Uint8Array(NONCE_BYTES)));
    const target = url.hostname;
    const claims = encodeText(JSON.stringify(claimed));
    const bodyHash =
      body.byteLength === 0 ? EMPTY_BODY_HASH : hexOf(await crypto.subtle.digest('SHA-256', body));
    const path = `${url.pathname}${url.search}`;
    const text = signedText({ method, path, bodyHash, time, nonce, target, claims });
    return {
      [EDGE_HEADERS.keyId]: key.id,
      [EDGE_HEADERS.time]: time,
      [EDGE_HEADERS.nonce]: nonce,
      [EDGE_HEADERS.target]: target,
      [EDGE_HEADERS.claims]: claims,
      [EDGE_HEADERS.signature]: encodeBytes(await hmac(text)),
    };
  };
}
