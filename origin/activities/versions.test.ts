import { describe, expect, it } from 'vitest';
import { entityTag, isDemandedBy, isNamedBy } from './versions.ts';

describe('If-None-Match', () => {
  const tag = entityTag({ version: 7 });

  it.each([
    ['"7"', true],
    ['W/"7"', true],
    ['"6", "7"', true],
    ['*', true],
    ['"70"', false],
    ['7', false],
    ['', false],
    [undefined, false],
  ])('%s names version 7: %s', (header, isNamed) => {
    expect(isNamedBy(tag, header)).toBe(isNamed);
  });
});

describe('If-Match', () => {
  const tag = entityTag({ version: 7 });

  it.each([
    ['"7"', true],
    ['"6", "7"', true],
    ['*', true],
    ['W/"7"', false],
    ['"70"', false],
    ['7', false],
    ['', false],
  ])('%s demands version 7: %s', (header, isDemanded) => {
    expect(isDemandedBy(tag, header)).toBe(isDemanded);
  });
});
