// Calls an origin as the edge does: every request signed anew for the hostname that it is sent to.
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { EDGE_HEADERS, type EdgeClaims, signedText } from '../../../shared/edge-signature.ts';

export interface Call {
  readonly method?: string;
  /** Path with query. */
  readonly path: string;
  /** Sent as it is. */
  readonly body?: string;
  readonly claims?: EdgeClaims;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Signing {
  readonly keyId: string;
  readonly secret: string;
  readonly target: string;
  /** Epoch ms, decimal. */
  readonly time: string;
  /** 16 bytes, base64url. */
  readonly nonce: string;
}

export const KEY = { keyId: 'edge-1', secret: 'the-secret-of-the-edge-in-tests' };
const ANSWER_WITHIN_MS = 15_000;

export const freshNonce = (): string => randomBytes(16).toString('base64url');

/** How the edge would sign now; what a test wants otherwise goes in `changes`. */
export const signingNow = (changes: Partial<Signing> = {}): Signing => ({
  ...KEY,
  target: '127.0.0.1',
  time: String(Date.now()),
  nonce: freshNonce(),
  ...changes,
});

export function signatureHeaders(call: Call, signing: Signing): Record<string, string> {
  const { keyId, secret, target, time, nonce } = signing;
  const { body = '', path, claims: given = {}, method = methodOf(call) } = call;
  const claims = Buffer.from(JSON.stringify(given)).toString('base64url');
  const bodyHash = createHash('sha256').update(body).digest('hex');
  const text = signedText({ method, path, bodyHash, time, nonce, target, claims });
  return {
    [EDGE_HEADERS.keyId]: keyId,
    [EDGE_HEADERS.time]: time,
    [EDGE_HEADERS.nonce]: nonce,
    [EDGE_HEADERS.target]: target,
    [EDGE_HEADERS.claims]: claims,
    [EDGE_HEADERS.signature]: createHmac('sha256', secret).update(text).digest('base64url'),
  };
}

/** Sends a call signed now; rejects when there is no answer within 15 s. */
export const sendSigned = (origin: string, call: Call): Promise<Answer> =>
  send(origin, { ...call, headers: { ...signatureHeaders(call, signingNow()), ...call.headers } });

/** Sends a call with the headers that it has and no others. */
export async function send(origin: string, call: Call): Promise<Answer> {
  const { path, body, headers } = call;
  const response = await fetch(`${origin}${path}`, {
    method: methodOf(call),
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body }),
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? {} : JSON.parse(text),
  };
}

const methodOf = ({ method, body }: Call): string =>
  method ?? (body === undefined ? 'GET' : 'POST');
