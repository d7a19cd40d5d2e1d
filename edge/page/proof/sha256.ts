// SHA-256 (FIPS 180-4), synchronous: a proof of work tries millions of short texts, and WebCrypto
// takes longer to answer one call than this takes for a whole hash.

const BLOCK_BYTES = 64;
const WORD = 2 ** 32;
const START = new Uint32Array(8);
const ROUND = new Uint32Array(64);

// The constants are the fractions of the square and cube roots of the first primes.
for (let candidate = 2, found = 0; found < ROUND.length; candidate += 1) {
  if (!isPrime(candidate)) continue;
  if (found < START.length) START[found] = fraction(Math.sqrt(candidate));
  ROUND[found] = fraction(Math.cbrt(candidate));
  found += 1;
}

/** Hashes texts that all begin with `prefix`; what does not change is worked through once. */
export interface PrefixHash {
  /** The eight words of SHA-256(prefix ‖ suffix[0, length)); the same array at each call. */
  of(suffix: Uint8Array, length: number): Uint32Array;
}

export function prefixHash(prefix: Uint8Array): PrefixHash {
  const whole = prefix.length - (prefix.length % BLOCK_BYTES);
  const middle = Uint32Array.from(START);
  for (let at = 0; at < whole; at += BLOCK_BYTES) compress(middle, prefix, at);
  const rest = prefix.subarray(whole);
  const state = new Uint32Array(START.length);
  let tail = new Uint8Array(0);
  function of(suffix: Uint8Array, length: number): Uint32Array {
    const filled = rest.length + length;
    const bytes = BLOCK_BYTES * Math.ceil((filled + 9) / BLOCK_BYTES);
    if (tail.length !== bytes) {
      tail = new Uint8Array(bytes);
      tail.set(rest);
    }
    for (let at = 0; at < length; at += 1) tail[rest.length + at] = suffix[at] ?? 0;
    tail.fill(0, filled + 1);
    tail[filled] = 0x80;
    writeLength(tail, whole + filled);
    state.set(middle);
    for (let at = 0; at < tail.length; at += BLOCK_BYTES) compress(state, tail, at);
    return state;
  }
  return { of };
}

export function sha256Hex(text: string): string {
  const words = prefixHash(new TextEncoder().encode(text)).of(new Uint8Array(0), 0);
  return [...words].map((word) => word.toString(16).padStart(8, '0')).join('');
}

function writeLength(tail: Uint8Array, bytes: number): void {
  // In bits, in eight bytes; no text here comes near a number that doubles cannot hold.
  for (let at = 1, bits = bytes * 8; at <= 8; at += 1, bits = Math.floor(bits / 256)) {
    tail[tail.length - at] = bits % 256;
  }
}

const schedule = new Uint32Array(64);
// Every index below is within its array; the zeros only tell the compiler so.
function compress(state: Uint32Array, bytes: Uint8Array, offset: number): void {
  const w = schedule;
  for (let i = 0; i < 16; i += 1) {
    const at = offset + 4 * i;
    w[i] =
      ((bytes[at] ?? 0) << 24) |
      ((bytes[at + 1] ?? 0) << 16) |
      ((bytes[at + 2] ?? 0) << 8) |
      (bytes[at + 3] ?? 0);
  }
  for (let i = 16; i < 64; i += 1) {
    const early = w[i - 15] ?? 0;
    const late = w[i - 2] ?? 0;
    const one = rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3);
    const two = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10);
    w[i] = (w[i - 16] ?? 0) + one + (w[i - 7] ?? 0) + two;
  }
  let a = state[0] ?? 0;
  let b = state[1] ?? 0;
  let c = state[2] ?? 0;
  let d = state[3] ?? 0;
  let e = state[4] ?? 0;
  let f = state[5] ?? 0;
  let g = state[6] ?? 0;
  let h = state[7] ?? 0;
  for (let i = 0; i < 64; i += 1) {
    const choice = (e & f) ^ (~e & g);
    const one = h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + choice;
    const added = (one + (ROUND[i] ?? 0) + (w[i] ?? 0)) | 0;
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const two = ((rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + majority) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + added) | 0;
    d = c;
    c = b;
    b = a;
    a = (added + two) | 0;
  }
  state[0] = (state[0] ?? 0) + a;
  state[1] = (state[1] ?? 0) + b;
  state[2] = (state[2] ?? 0) + c;
  state[3] = (state[3] ?? 0) + d;
  state[4] = (state[4] ?? 0) + e;
  state[5] = (state[5] ?? 0) + f;
  state[6] = (state[6] ?? 0) + g;
  state[7] = (state[7] ?? 0) + h;
}

function rotate(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

function fraction(root: number): number {
  return Math.floor((root % 1) * WORD);
}

function isPrime(candidate: number): boolean {
  for (let by = 2; by * by <= candidate; by += 1) if (candidate % by === 0) return false;
  return true;
}
