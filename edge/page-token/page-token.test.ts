import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createPageTokens } from './page-token.ts';

const tokens = createPageTokens('a-secret-of-page-tokens');
const DAY_MS = 24 * 60 * 60 * 1000;

it('a page is as old as the time since it was served, and never younger than new', async () => {
  const text = await tokens.sign(1_000_000);
  expect(await tokens.ageOf(text, 1_000_250)).toBe(250);
  expect(await tokens.ageOf(text, 999_000)).toBe(0);
  expect(await tokens.ageOf(text, 1_000_000 + DAY_MS)).toBe(DAY_MS);
  expect(await tokens.ageOf(text, 1_000_001 + DAY_MS)).toBeNull();
});

it('a page without a token, or with one that is not ours, has no age', async () => {
  expect(await tokens.ageOf(null, 0)).toBeNull();
  const foreign = await createPageTokens('another-secret-of-pages').sign(1_000);
  expect(await tokens.ageOf(foreign, 1_000)).toBeNull();
  const text = await tokens.sign(1_000);
  for (let at = 0; at < text.length; at += 1) {
    const changed = String.fromCharCode(text.charCodeAt(at) ^ 1);
    expect(await tokens.ageOf(text.slice(0, at) + changed + text.slice(at + 1), 2_000)).toBeNull();
  }
});

it('no text is thrown at', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string(), async (text) => {
      expect(await tokens.ageOf(text, 0)).toBeNull();
    }),
  );
});
