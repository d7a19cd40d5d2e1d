import { expect, test } from 'vitest';
import { searcher } from './search.ts';
import { prefixHash, sha256Hex } from './sha256.ts';

async function known(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

test('it hashes as the platform does, around every border of a block', async () => {
  const lengths = Array.from({ length: 200 }, (_, length) => length);
  for (const length of [...lengths, 1_000, 10_000]) {
    const text = 'flash sale '.repeat(1_000).slice(0, length);
    expect(sha256Hex(text)).toBe(await known(text));
  }
  expect(sha256Hex('für 5 €')).toBe(await known('für 5 €'));
});

test('a prefix is worked through once, and each suffix counts by its own length', async () => {
  const hash = prefixHash(new TextEncoder().encode('p'.repeat(62)));
  const hex = (suffix: string) => {
    const bytes = new TextEncoder().encode(`${suffix}and more that is not read`);
    const words = hash.of(bytes, suffix.length);
    return [...words].map((word) => word.toString(16).padStart(8, '0')).join('');
  };
  for (const suffix of ['12345678', '1', '', '123456789012', '7']) {
    expect(hex(suffix)).toBe(await known(`${'p'.repeat(62)}${suffix}`));
  }
});

test('a search finds the number that another one hashed', async () => {
  const salt = 'b5c2?expires=1800000000&';
  for (const number of [0, 9, 10, 4_711, 9_999]) {
    const search = { salt, challenge: await known(`${salt}${number}`), maxnumber: 9_999 };
    expect(searcher(search, 1)(0, 20_000)).toEqual({ kind: 'found', number });
  }
});

test('threads share the numbers among them', async () => {
  const salt = 'b5c2?';
  const search = { salt, challenge: await known(`${salt}501`), maxnumber: 1_000 };
  expect(searcher(search, 2)(0, 10)).toEqual({ kind: 'on', next: 20 });
  expect(searcher(search, 2)(0, 1_000)).toEqual({ kind: 'exhausted' });
  expect(searcher(search, 2)(1, 1_000)).toEqual({ kind: 'found', number: 501 });
});
