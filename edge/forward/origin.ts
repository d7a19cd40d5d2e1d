// The edge's way to the origin: signed, with a deadline, its answers bounded.
import type { EdgeClaims } from '../../shared/edge-signature.ts';
import { readBounded } from '../body/read-body.ts';
import type { Call } from '../call.ts';
import { type Log, nameOf } from '../log.ts';
import type { KnownOrigins } from './origin-list.ts';
import type { Origins } from './origins.ts';
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
 * Sends one request to an origin. Deadline: the errand's, for the whole answer. Retries: one, at
 * another origin and signed anew, when the first gave no answer and a repeat is harmless. No answer
 * at all: `lost`. Safe to repeat: whatever names an order id or only reads.
 */
export type AskOrigin = (errand: Errand, call: Call) => Promise<OriginAnswer>;

export interface AskOriginOptions {
  readonly known: KnownOrigins;
  readonly origins: Origins;
  readonly signatureKey: { readonly id: string; readonly secret: string };
  readonly log: Log;
}

const ANSWER_LIMIT_BYTES = 256 * 1024;
/** Of the deadline, for the first of two attempts. */
const FIRST_SHARE = 0.5;
/** An administrator's edit may have been made by the origin that did not answer. */
const ONCE_ONLY = /^\/api\/a(ctivities|dmin)/;
/** A Date tells whole seconds; a signature counts for thirty. */
const CLOCKS_AGREE_MS = 2_000;
const HALF_SECOND_MS = 500;

export function createAskOrigin({
  known,
  origins,
  signatureKey,
  log,
}: AskOriginOptions): AskOrigin {
  const sign = createSignRequest(signatureKey);
  /** What to add to this isolate's clock where an origin has shown that it is off. */
  let offsetMs = 0;

  /** Whether an origin has just told a time that is not the one we sign with. */
  function learnTime(headers: Headers): boolean {
    const originMs = Date.parse(headers.get('date') ?? '') + HALF_SECOND_MS;
    const isOff = Math.abs(originMs - Date.now() - offsetMs) > CLOCKS_AGREE_MS;
    if (isOff) offsetMs = originMs - Date.now();
    return isOff;
  }

  /** A 401 is about a signature, before anything was done: by a clock that is off it is made anew. */
  async function send(baseUrl: string, errand: Errand, call: Call): Promise<OriginAnswer> {
    const answer = await sendOnce(baseUrl, errand, call);
    const isUnsigned = answer.kind === 'answer' && answer.status === 401;
    return isUnsigned && learnTime(answer.headers) ? sendOnce(baseUrl, errand, call) : answer;
  }

  async function sendOnce(baseUrl: string, errand: Errand, call: Call): Promise<OriginAnswer> {
    const { method, path, claims, timeoutMs } = errand;
    const url = new URL(path, baseUrl);
    const body = errand.body ?? new Uint8Array();
    const headers = {
      ...(body.byteLength === 0 ? {} : { 'content-type': 'application/json' }),
      ...errand.headers,
      ...(await sign({ method, url, body, claims, timeMs: Date.now() + offsetMs })),
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
      origins.avoid(baseUrl, known.current(call));
      return { kind: 'lost' };
    }
  }

  /** Who failed may have left the list since it was read. */
  async function pickAnother(call: Call, tried: string): Promise<string | undefined> {
    const other = origins.pick(known.current(call), tried);
    if (other !== undefined) return other;
    await known.refresh();
    return origins.pick(known.current(call), tried);
  }

  return async function askOrigin(errand, call) {
    const startedAt = Date.now();
    const { method, path, timeoutMs } = errand;
    const first = origins.pick(known.current(call));
    if (first === undefined) return { kind: 'lost' };
    const mayRepeat = method === 'GET' || !ONCE_ONLY.test(path);
    const hasAnother = mayRepeat && origins.pick(known.current(call), first) !== undefined;
    const firstMs = hasAnother ? timeoutMs * FIRST_SHARE : timeoutMs;
    const answer = await send(first, { ...errand, timeoutMs: firstMs }, call);
    if (answer.kind === 'answer' || !mayRepeat) return answer;
    const second = await pickAnother(call, first);
    const leftMs = startedAt + timeoutMs - Date.now();
    if (second === undefined || leftMs <= 0) return answer;
    return send(second, { ...errand, timeoutMs: leftMs }, call);
  };
}
