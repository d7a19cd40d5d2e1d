import { describe, expect, it } from 'vitest';
import { chinese } from './chinese.ts';
import { english } from './english.ts';

/** A language's members by path, functions called with figures that show. */
function said(words: object, path = ''): [string, string][] {
  return Object.entries(words).flatMap(([name, value]: [string, unknown]): [string, string][] => {
    if (typeof value === 'string') return [[path + name, value]];
    if (typeof value === 'function') return [[path + name, String(value('7', '7'))]];
    return said(Object(value), `${path}${name}.`);
  });
}

const HAN = /\p{Script=Han}/u;
const inEnglish = said(english);
const inChinese = said(chinese);
describe('both languages', () => {
  it('say the same things, and none of them is empty', () => {
    const names = (list: [string, string][]) => list.map(([name]) => name);
    expect(names(inChinese)).toEqual(names(inEnglish));
    for (const [name, text] of [...inEnglish, ...inChinese]) expect(text, name).not.toBe('');
  });

  it('are themselves: nothing is left untranslated', () => {
    for (const [name, text] of inEnglish) expect(text, name).not.toMatch(HAN);
    const own = inChinese.filter(([name]) => !['lang', 'sentences'].includes(name));
    for (const [name, text] of own) expect(text, name).toMatch(HAN);
  });

  it('keep the figures that they are given', () => {
    const functions = Object.entries(english).filter(([, value]) => typeof value === 'function');
    expect(functions.length).toBeGreaterThan(5);
    for (const [name] of functions) {
      const texts = new Map([...inChinese.filter(([other]) => other === name)]);
      expect(texts.get(name), name).toContain('7');
    }
  });

  it('use the punctuation of their script', () => {
    for (const [name, text] of inChinese) expect(text, name).not.toMatch(/\p{Script=Han}[,;:?!.]/u);
  });
});
