import { expect, it } from 'vitest';
import { remembered } from './remembered.ts';

it('reads a text once', () => {
  const texts: string[] = [];
  const lengthOf = remembered((text) => {
    texts.push(text);
    return { length: text.length };
  });
  expect(lengthOf('abc')).toBe(lengthOf('abc'));
  expect(lengthOf('abcd').length).toBe(4);
  expect(texts).toEqual(['abc', 'abcd']);
});

it('reads no more of a text than a browser would send', () => {
  const lengthOf = remembered((text) => ({ length: text.length }));
  expect(lengthOf('x'.repeat(16_000)).length).toBe(512);
});

it('remembers that a text says nothing', () => {
  let readings = 0;
  const nothingIn = remembered((_text): string | null => {
    readings += 1;
    return null;
  });
  expect([nothingIn(''), nothingIn('')]).toEqual([null, null]);
  expect(readings).toBe(1);
});
