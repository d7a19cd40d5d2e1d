import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EDGE_HEADERS } from '../../shared/edge-signature.ts';
import vectors from '../../shared/edge-signature.vectors.json' with { type: 'json' };
import { createSignatureCheck, parseClaims, type SignedRequest } from './signature.ts';

type Vector = (typeof vectors)[number];

function requestOf(vector: Vector): SignedRequest & { readonly headers: Record<string, string> } {
  return {
    method: vector.method,
    path: vector.path,
    body: Buffer.from(vector.body),
    headers: {
      [EDGE_HEADERS.keyId]: vector.keyId,
      [EDGE_HEADERS.time]: vector.time,
      [EDGE_HEADERS.nonce]: vector.nonce,
      [EDGE_HEADERS.target]: vector.target,
      [EDGE_HEADERS.claims]: vector.claims,
      [EDGE_HEADERS.signature]: vector.signature,
    },
  };
}

function checkAt(vector: Vector, { nowMs = Number(vector.time), startedAt = 0 } = {}) {
  return createSignatureCheck({
    keys: `other:another-secret-of-16,${vector.keyId}:${vector.secret}`,
    hostnames: [vector.target],
    startedAt,
    now: () => nowMs,
  });
}

const first = (): Vector => {
  const [vector] = vectors;
  if (vector === undefined) throw new Error('no vectors');
  return vector;
};

describe('the edge signature', () => {
  it.each(vectors)('is accepted as in the vectors: $name', (vector) => {
    expect(checkAt(vector)(requestOf(vector))).toEqual({
      kind: 'signed',
      claims: JSON.parse(vector.claimsJson),
    });
  });

  it('is accepted once', () => {
    const vector = first();
    const check = checkAt(vector);
    expect(check(requestOf(vector)).kind).toBe('signed');
    expect(check(requestOf(vector))).toEqual({ kind: 'refused', why: 'repeated' });
  });

  it.each([
    ['30 s off', { skewMs: 30_000, kind: 'signed' }],
    ['30 s ahead', { skewMs: -30_000, kind: 'signed' }],
    ['more than 30 s off', { skewMs: 30_001, kind: 'refused' }],
    ['more than 30 s ahead', { skewMs: -30_001, kind: 'refused' }],
  ])('%s is %o', (_what, { skewMs, kind }) => {
    const vector = first();
    const check = checkAt(vector, { nowMs: Number(vector.time) + skewMs });
    expect(check(requestOf(vector)).kind).toBe(kind);
  });

  it('from before the start of this process is refused: its nonce may have been used', () => {
    const vector = first();
    const startedAt = Number(vector.time) + 1;
    const check = checkAt(vector, { nowMs: startedAt, startedAt });
    expect(check(requestOf(vector))).toEqual({ kind: 'refused', why: 'before-start' });
  });

  it('covers every part: one changed character anywhere is refused', () => {
    const vector = first();
    const request = requestOf(vector);
    const names = ['method', 'path', 'body', ...Object.keys(request.headers)];
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.nat(),
        fc.constantFrom(...'AZaz09_-{"'),
        (name, at, char) => {
          const change = (text: string): string => {
            const index = at % text.length;
            return text.slice(0, index) + char + text.slice(index + 1);
          };
          const changed = {
            ...request,
            ...(name === 'method' ? { method: change(request.method) } : {}),
            ...(name === 'path' ? { path: change(request.path) } : {}),
            ...(name === 'body' ? { body: Buffer.from(change(vector.body)) } : {}),
            headers: { ...request.headers },
          };
          const header = request.headers[name];
          if (header !== undefined) changed.headers[name] = change(header);
          const isSame =
            changed.method === request.method &&
            changed.path === request.path &&
            Buffer.from(vector.body).equals(changed.body ?? Buffer.alloc(0)) &&
            JSON.stringify(changed.headers) === JSON.stringify(request.headers);
          expect(checkAt(vector)(changed).kind).toBe(isSame ? 'signed' : 'refused');
        },
      ),
      { numRuns: 500 },
    );
  });

  it('for another host is refused', () => {
    const vector = first();
    const check = createSignatureCheck({
      keys: `${vector.keyId}:${vector.secret}`,
      hostnames: ['elsewhere.example.com'],
      startedAt: 0,
      now: () => Number(vector.time),
    });
    expect(check(requestOf(vector))).toEqual({ kind: 'refused', why: 'wrong-target' });
  });

  it.each(['', '!!!', '=', 'e30 ', 'e3_0*', 'W10', 'bnVsbA'])('has no claims in %j', (text) => {
    expect(parseClaims(text)).toBeUndefined();
    expect(parseClaims('e30')).toEqual({});
  });

  it('never throws, whatever the headers', () => {
    const check = checkAt(first());
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...Object.values(EDGE_HEADERS)), fc.string()),
        (headers) => {
          const kind = check({ method: 'GET', path: '/', headers, body: undefined }).kind;
          expect(['unsigned', 'refused']).toContain(kind);
        },
      ),
    );
  });
});
