// Checks that a request was signed by the edge, for this host, just now, and not before.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import * as v from 'valibot';
import {
  EDGE_HEADERS,
  EDGE_TIME_WINDOW_MS,
  type EdgeClaims,
  EMPTY_BODY_HASH,
  NONCE_LIFETIME_MS,
  signedText,
} from '../../shared/edge-signature.ts';
import { parseJsonObject } from '../../shared/json.ts';
import { isUserId } from '../../shared/words.ts';
import { createNonces } from './nonces.ts';

export interface SignedRequest {
  readonly method: string;
  /** Path with query, as received. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer | undefined;
}

export type SignatureResult =
  | { readonly kind: 'signed'; readonly claims: EdgeClaims }
  | { readonly kind: 'unsigned' }
  | { readonly kind: 'refused'; readonly why: RefusedSignature };

/** For logs and metrics only: outside, all look alike. */
export type RefusedSignature =
  | 'unknown-key'
  | 'malformed'
  | 'wrong-signature'
  | 'wrong-target'
  | 'outside-window'
  | 'before-start'
  | 'repeated';

const MAX_NONCES = 2_000_000;
const NONCE = /^[A-Za-z0-9_-]{22}$/;
const TIME = /^\d{13}$/;
const MAX_CLAIMS_LENGTH = 1_024;

const claimsSchema = v.strictObject({
  sub: v.optional(v.pipe(v.string(), v.check(isUserId))),
  role: v.optional(v.literal('admin')),
  orderId: v.optional(v.pipe(v.string(), v.maxLength(64))),
  activityId: v.optional(v.pipe(v.string(), v.maxLength(64))),
});

export interface SignatureOptions {
  /** `id:secret[,id:secret]`: several while a key is being replaced. */
  readonly keys: string;
  /** The hostnames under which the edge calls this origin, without port. */
  readonly hostnames: readonly string[];
  /** Epoch ms of this process's start: what was signed before it is refused, for its nonce is unknown. */
  readonly startedAt: number;
  readonly now?: () => number;
}

export function createSignatureCheck(
  options: SignatureOptions,
): (request: SignedRequest) => SignatureResult {
  const secrets = new Map(options.keys.split(',').map((key) => splitOnce(key)));
  const hostnames = new Set(options.hostnames);
  const nonces = createNonces({ lifetimeMs: NONCE_LIFETIME_MS, maxCount: MAX_NONCES });
  const now = options.now ?? Date.now;

  return function checkSignature(request) {
    const parts = readParts(request);
    if (parts.kind !== 'parts') return parts;
    const { keyId, signature, ...signed } = parts;
    const secret = secrets.get(keyId);
    if (secret === undefined) return refused('unknown-key');
    // Compared as text: one signature has one form, though several decode to its bytes.
    const expected = Buffer.from(
      createHmac('sha256', secret).update(signedText(signed)).digest('base64url'),
    );
    const given = Buffer.from(signature);
    if (given.length !== expected.length || !timingSafeEqual(expected, given)) {
      return refused('wrong-signature');
    }
    if (!hostnames.has(signed.target)) return refused('wrong-target');
    const nowMs = now();
    const time = Number(signed.time);
    if (Math.abs(nowMs - time) > EDGE_TIME_WINDOW_MS) return refused('outside-window');
    if (time < options.startedAt) return refused('before-start');
    const claims = parseClaims(signed.claims);
    if (claims === undefined) return refused('malformed');
    if (!nonces.add(signed.nonce, nowMs)) return refused('repeated');
    return { kind: 'signed', claims };
  };
}

const refused = (why: RefusedSignature): SignatureResult => ({ kind: 'refused', why });

function splitOnce(key: string): [string, string] {
  const at = key.indexOf(':');
  return [key.slice(0, at), key.slice(at + 1)];
}

function readParts({ method, path, headers, body }: SignedRequest) {
  const signature = headers[EDGE_HEADERS.signature];
  if (signature === undefined) return { kind: 'unsigned' } as const;
  const keyId = headers[EDGE_HEADERS.keyId];
  const time = headers[EDGE_HEADERS.time];
  const nonce = headers[EDGE_HEADERS.nonce];
  const target = headers[EDGE_HEADERS.target];
  const claims = headers[EDGE_HEADERS.claims];
  if (
    typeof signature !== 'string' ||
    typeof keyId !== 'string' ||
    typeof time !== 'string' ||
    typeof nonce !== 'string' ||
    typeof target !== 'string' ||
    typeof claims !== 'string' ||
    !TIME.test(time) ||
    !NONCE.test(nonce) ||
    claims.length > MAX_CLAIMS_LENGTH
  ) {
    return { kind: 'refused', why: 'malformed' } as const;
  }
  const bodyHash =
    body === undefined || body.length === 0
      ? EMPTY_BODY_HASH
      : createHash('sha256').update(body).digest('hex');
  return {
    kind: 'parts',
    keyId,
    signature,
    method,
    path,
    bodyHash,
    time,
    nonce,
    target,
    claims,
  } as const;
}

/** The claims in an `X-Edge-Claims` header, or undefined when they have another form. */
export function parseClaims(text: string): EdgeClaims | undefined {
  // Buffer skips what is no base64url: a text of such would count as an empty body, which is `{}`.
  if (!/^[\w-]+={0,2}$/.test(text)) return undefined;
  const json = parseJsonObject(Buffer.from(text, 'base64url').toString('utf8'));
  if (json.kind === 'malformed') return undefined;
  const result = v.safeParse(claimsSchema, json.value);
  if (!result.success) return undefined;
  const { sub, role, orderId, activityId } = result.output;
  return {
    ...(sub === undefined ? {} : { sub }),
    ...(role === undefined ? {} : { role }),
    ...(orderId === undefined ? {} : { orderId }),
    ...(activityId === undefined ? {} : { activityId }),
  };
}
