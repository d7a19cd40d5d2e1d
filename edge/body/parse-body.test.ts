import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { purchaseBodySchema } from '../../shared/purchase.ts';
import { parseBody } from './parse-body.ts';
import { parsePurchase } from './parse-purchase.ts';

const utf8 = new TextEncoder();

function parse(body: string | Uint8Array, contentType = 'application/json') {
  const bytes = typeof body === 'string' ? utf8.encode(body) : body;
  const headers = new Headers(contentType === '' ? {} : { 'content-type': contentType });
  return parseBody(
    new Request('https://x', { method: 'POST', headers }),
    bytes,
    purchaseBodySchema,
  );
}

describe('a body', () => {
  it('may be empty, and needs no content type then', () => {
    expect(parse('', '')).toEqual({ kind: 'value', value: { quantity: 1 } });
  });

  it.each([
    'application/json',
    'Application/JSON; charset=UTF-8',
    'application/json;charset="utf-8"',
  ])('is read as %s', (type) => {
    expect(parse('{"quantity":2}', type)).toMatchObject({ value: { quantity: 2 } });
  });

  it.each(['', 'text/plain', 'application/jsonp', 'application/json; charset=latin1', 'json'])(
    'is not read as %j',
    (type) => {
      expect(parse('{}', type)).toEqual({
        kind: 'refuse',
        refusal: { kind: 'unsupported-media-type' },
      });
    },
  );

  it.each([
    '[]',
    '[{"quantity":1}]',
    'null',
    '1',
    '"x"',
    '{',
    '{"quantity":1}x',
    '{"quantity":1,"quantity":2}',
    '{"__proto__":{"quantity":2}}',
    `{"a":${'['.repeat(20)}${']'.repeat(20)}}`,
    '\ufeff{}',
  ])('is malformed as %s', (text) => {
    expect(parse(text)).toMatchObject({ kind: 'refuse', refusal: { kind: 'malformed' } });
  });

  it('is malformed when it is not UTF-8', () => {
    expect(parse(Uint8Array.of(0x22, 0xff, 0x22))).toMatchObject({
      refusal: { kind: 'malformed' },
    });
  });

  it('names all wrong members at once', () => {
    const text = '{"quantity":1.5,"ticket":7,"other":1,"again":null}';
    const parsed = parse(text);
    const refusal = parsed.kind === 'refuse' ? parsed.refusal : undefined;
    const errors = refusal?.kind === 'malformed' ? (refusal.errors ?? []) : [];
    expect(errors.map(({ pointer, code }) => [pointer, code]).sort()).toEqual([
      ['/again', 'wrong-type'],
      ['/other', 'unknown'],
      ['/quantity', 'invalid'],
      ['/ticket', 'wrong-type'],
    ]);
  });

  it.each([0, -1, 101, 1.5, 1e21, '1', true])('refuses a quantity of %j', (quantity) => {
    expect(parse(JSON.stringify({ quantity }))).toMatchObject({ refusal: { kind: 'malformed' } });
  });

  it('never throws, whatever it holds', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((text) => utf8.encode(text)),
        ),
        (bytes) => {
          expect(['value', 'refuse']).toContain(parse(bytes).kind);
        },
      ),
    );
  });
});

describe('the order that a purchase follows', () => {
  const ulid = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
  const follow = (again: string) => {
    const headers = { 'content-type': 'application/json' };
    const request = new Request('https://x', { method: 'POST', headers });
    return parsePurchase(request, utf8.encode(JSON.stringify({ again })), 'sku');
  };

  it('is an order of this item', () => {
    expect(follow(`sku-${ulid}`)).toMatchObject({ value: { againUlid: ulid } });
  });

  it.each([`other-${ulid}`, ulid, 'sku-', `sku-${ulid.toLowerCase()}`, ' '])(
    'is not %j',
    (again) => {
      expect(follow(again)).toMatchObject({ refusal: { errors: [{ pointer: '/again' }] } });
    },
  );
});
