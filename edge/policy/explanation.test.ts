import { expect, it } from 'vitest';
import { mintReference } from './explanation.ts';

it('a reference can be read out, and is nobody else’s', () => {
  const minted = Array.from({ length: 1_000 }, mintReference);
  for (const reference of minted) {
    expect(reference).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/);
  }
  expect(new Set(minted).size).toBe(minted.length);
});
