// Who makes a gRPC call: the edge's signature over the message as sent, or an administrator's
// token, both as metadata under the names of the HTTP headers.
import type { Metadata } from '@grpc/grpc-js';
import { EDGE_HEADERS } from '../../shared/edge-signature.ts';
import type { SignatureHookOptions } from '../signature/hook.ts';

export type Credentials =
  /** Headers with which the inner application believes the caller. */
  | { readonly kind: 'headers'; readonly headers: Readonly<Record<string, string>> }
  | { readonly kind: 'refused' };

const TRACE_HEADERS = ['traceparent', 'x-request-id'];

export function checkCredentials(
  { checkSignature, allowUnsigned, onRefused }: SignatureHookOptions,
  call: { readonly path: string; readonly metadata: Metadata; readonly bytes: Buffer },
): Credentials {
  const given = textsOf(call.metadata);
  const traces = pick(given, TRACE_HEADERS);
  const { path, bytes } = call;
  const result = checkSignature({ method: 'POST', path, headers: given, body: bytes });
  if (result.kind === 'refused') {
    onRefused(result.why);
    return { kind: 'refused' };
  }
  const claims = given[EDGE_HEADERS.claims];
  if (claims !== undefined && (result.kind === 'signed' || allowUnsigned)) {
    return { kind: 'headers', headers: { ...traces, [EDGE_HEADERS.claims]: claims } };
  }
  if (given.authorization !== undefined) {
    return { kind: 'headers', headers: { ...traces, authorization: given.authorization } };
  }
  onRefused('unsigned');
  return { kind: 'refused' };
}

function textsOf(metadata: Metadata): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(metadata.getMap())) {
    if (typeof value === 'string') texts[name] = value;
  }
  return texts;
}

function pick(from: Readonly<Record<string, string>>, names: readonly string[]) {
  return Object.fromEntries(
    names.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]]])),
  );
}
