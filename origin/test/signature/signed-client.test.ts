import { expect, it } from 'vitest';
import { EDGE_HEADERS } from '../../../shared/edge-signature.ts';
import vectors from '../../../shared/edge-signature.vectors.json' with { type: 'json' };
import { signatureHeaders } from './signed-client.ts';

it.each(vectors)('signs as in the vectors: $name', (vector) => {
  const { method, path, body, keyId, secret, target, time, nonce } = vector;
  const call = { method, path, body, claims: JSON.parse(vector.claimsJson) };
  expect(signatureHeaders(call, { keyId, secret, target, time, nonce })).toEqual({
    [EDGE_HEADERS.keyId]: keyId,
    [EDGE_HEADERS.time]: time,
    [EDGE_HEADERS.nonce]: nonce,
    [EDGE_HEADERS.target]: target,
    [EDGE_HEADERS.claims]: vector.claims,
    [EDGE_HEADERS.signature]: vector.signature,
  });
});
