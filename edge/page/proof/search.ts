// The work of a proof of work: the number whose hash, behind the salt, is the challenge.
import { prefixHash } from './sha256.ts';

export interface Search {
  readonly salt: string;
  /** SHA-256(salt ‖ number), lower-case hex. */
  readonly challenge: string;
  readonly maxnumber: number;
}

/** `next` is where to go on. */
export type Tried =
  | { readonly kind: 'found'; readonly number: number }
  | { readonly kind: 'on'; readonly next: number }
  | { readonly kind: 'exhausted' };

const ZERO = 0x30;

/** Tries `count` of the numbers `from`, `from + step`, … at a call. */
export function searcher(
  { salt, challenge, maxnumber }: Search,
  step: number,
): (from: number, count: number) => Tried {
  const hash = prefixHash(new TextEncoder().encode(salt));
  const wanted = wordsOf(challenge);
  const first = wanted[0];
  const digits = new Uint8Array(String(maxnumber).length);
  return function tryNumbers(from: number, count: number): Tried {
    let number = from;
    for (let tried = 0; tried < count; tried += 1, number += step) {
      if (number > maxnumber) return { kind: 'exhausted' };
      const words = hash.of(digits, writeDecimal(number, digits));
      if (words[0] !== first) continue;
      if (words.every((word, index) => word === wanted[index])) return { kind: 'found', number };
    }
    return { kind: 'on', next: number };
  };
}

/** Writes a whole number as text and returns its length. */
function writeDecimal(number: number, digits: Uint8Array): number {
  let length = 1;
  for (let rest = number; rest >= 10; rest = Math.floor(rest / 10)) length += 1;
  for (let at = length - 1, rest = number; at >= 0; at -= 1, rest = Math.floor(rest / 10)) {
    digits[at] = ZERO + (rest % 10);
  }
  return length;
}

function wordsOf(hex: string): number[] {
  return (hex.match(/.{8}/g) ?? []).map((word) => Number.parseInt(word, 16));
}
