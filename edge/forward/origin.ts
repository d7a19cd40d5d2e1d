// The edge's way to the origin: signed, with a deadline, its answers bounded.
import type { EdgeClaims } from '../../shared/edge-signature.ts';
import { readBounded } from '../body/read-body.ts';
import type { Call } from '../call.ts';
import { type Log, nameOf } from '../log.ts';
import { createSignRequest } from './sign.ts';
import { traceparentOf } from './traceparent.ts';

export interface Errand {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: Uint8Array;
  readonly claims: EdgeClaims;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

export type OriginAnswer =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers: Headers;
      readonly body: Uint8Array;
    }
  /** No answer that can be read: what the origin did is unknown. */
  | { readonly kind: 'lost' };

/**
 * Sends one request to the origin. Deadline: the errand's, for the whole answer. Retries: none.
 * Origin away: `lost`. Safe to repeat: whatever names an order id or only reads.
 */
export type AskOrigin = (errand: Errand, call: Call) => Promise<OriginAnswer>;

const ANSWER_LIMIT_BYTES = 256 * 1024;

export function createAskOrigin({
  baseUrl,
  signatureKey,
  log,
}: {
  readonly baseUrl: string;
  readonly signatureKey: { readonly id: string; readonly secret: string };
  readonly log: Log;
}): AskOrigin {
  const sign = createSignRequest(signatureKey);
  return async function askOrigin({ method, path, claims, timeoutMs, ...errand }, call) {
    const url = new URL(path, baseUrl);
    const body = errand.body ?? new Uint8Array();
    const headers = {
      ...(body.byteLength === 0 ? {} : { 'content-type': 'application/json' }),
      ...errand.headers,
      ...(await sign({ method, url, body, claims })),
      'x-request-id': call.requestId,
      traceparent: traceparentOf(call.request.headers),
    };
    try {
      const response = await fetch(url, {
        method,
        headers,
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
        ...(method === 'GET' ? {} : { body }),
      });
      const bytes = await readBounded(response, ANSWER_LIMIT_BYTES);
      if (bytes === undefined) return { kind: 'lost' };
      return { kind: 'answer', status: response.status, headers: response.headers, body: bytes };
    } catch (error) {
      log({ event: 'origin away', level: 'warn', detail: nameOf(error) });
      return { kind: 'lost' };
    }
  };
}
