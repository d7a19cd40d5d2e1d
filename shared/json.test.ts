import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from './json.ts';

describe('JSON at the door', () => {
  it('reads what JSON.parse reads, for any value without repeated or forbidden keys', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 5 }),
        fc.integer({ min: 0, max: 4 }),
        (value, indent) => {
          const text = JSON.stringify(value, undefined, indent);
          if (text.includes('"__proto__"')) return;
          expect(parseJson(text)).toEqual({ kind: 'json', value: JSON.parse(text) });
        },
      ),
    );
  });

  it('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[]",:\\ u0a_') }), (text) => {
        expect(['json', 'malformed']).toContain(parseJson(text).kind);
      }),
      { numRuns: 2_000 },
    );
  });

  it('takes an empty body for an empty object', () => {
    expect(parseJson('')).toEqual({ kind: 'json', value: {} });
    expect(parseJson(' \n')).toEqual({ kind: 'json', value: {} });
  });

  it.each([
    ['a key that stands twice', '{"a":1,"a":2}'],
    ['a key that stands twice, once escaped', '{"a":1,"\\u0061":2}'],
    ['a key that stands twice below', '{"x":[{"a":1,"a":2}]}'],
    ['__proto__', '{"__proto__":{"quantity":1}}'],
    ['__proto__, escaped', '{"\\u005f_proto__":1}'],
    ['deep nesting', `${'['.repeat(50_000)}${']'.repeat(50_000)}`],
    ['no JSON', '{quantity:1}'],
    ['a cut string', '{"a":"'],
    ['a cut escape', '{"a\\'],
    ['two values', '{}{}'],
  ])('refuses %s', (_what, text) => {
    expect(parseJson(text).kind).toBe('malformed');
  });

  it('lets one key stand in two objects', () => {
    expect(parseJson('[{"a":1},{"a":{"a":2}}]').kind).toBe('json');
  });
});
