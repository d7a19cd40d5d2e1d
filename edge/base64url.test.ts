import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeText, encodeBytes, encodeText } from './base64url.ts';

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
