import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeBytes, decodeText, encodeBytes, encodeText } from './base64url.ts';

it('gives every text back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(decodeText(encodeText(text))).toBe(text);
    }),
  );
});

it('uses only characters that need no escape in a URL', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      expect(encodeBytes(bytes)).toMatch(/^[A-Za-z0-9_-]*$/);
    }),
  );
});

it('decodes nothing that is not base64url of UTF-8', () => {
  for (const text of ['a', 'a=', 'YQ==', 'a+b/', 'ä', '_w', '////']) {
    expect(decodeText(text), text).toBeUndefined();
  }
});

it('writes what others write, and reads no other text of the same bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      const usual = btoa(String.fromCharCode(...bytes)).replaceAll('=', '');
      const expected = usual.replaceAll('+', '-').replaceAll('/', '_');
      expect(encodeBytes(bytes)).toBe(expected);
      expect(decodeBytes(expected)).toEqual(bytes);
    }),
  );
  expect(decodeBytes('YR')).toBeUndefined();
  expect(decodeBytes('YQ')).toEqual(new Uint8Array([97]));
});
