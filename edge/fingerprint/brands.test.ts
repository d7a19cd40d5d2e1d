import { describe, expect, it } from 'vitest';
import { fillerOf, readBrands } from './brands.ts';

const listOf = (header: string) => fillerOf(readBrands(header));

describe("Chromium's filler brand", () => {
  it.each([
    '"Google Chrome";v="147", "Not.A/Brand";v="8", "Chromium";v="147"',
    '"Chromium";v="146", "Not-A.Brand";v="24", "Google Chrome";v="146"',
    '"Not:A-Brand";v="8", "Chromium";v="156"',
  ])('is its own: %s', (header) => {
    expect(listOf(header)).toBe('own');
  });

  it('may be renamed by who embeds it', () => {
    expect(listOf('"Chromium";v="147", "Not:A-Brand";v="8", "Google Chrome";v="147"')).toBe(
      'renamed',
    );
  });

  it('is foreign where a list was copied from another version', () => {
    expect(listOf('" Not A;Brand";v="99", "Chromium";v="156", "Google Chrome";v="156"')).toBe(
      'foreign',
    );
  });

  it('says nothing where there is none, or before the rule', () => {
    expect(listOf('"Chromium";v="147"')).toBe('none');
    expect(listOf('" Not A;Brand";v="99", "Chromium";v="96"')).toBe('none');
    expect(listOf('what is no list')).toBe('none');
  });
});
