// RFC 4648, section 5, without padding. By tables: `atob` and `btoa` with their replacements cost
// several times as much, and a purchase does this ten times.

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const NO_DIGIT = 255;
const VALUES = new Uint8Array(128).fill(NO_DIGIT);
for (let value = 0; value < DIGITS.length; value += 1) VALUES[DIGITS.charCodeAt(value)] = value;

const utf8 = new TextEncoder();
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function encodeBytes(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xffff;
    bits += 8;
    for (; bits >= 6; bits -= 6) text += DIGITS[(held >> (bits - 6)) & 63];
  }
  return bits === 0 ? text : text + DIGITS[(held << (6 - bits)) & 63];
}

export const encodeText = (text: string): string => encodeBytes(utf8.encode(text));

/** The bytes, or undefined when the input is not what `encodeBytes` writes for any. */
export function decodeBytes(encoded: string): Uint8Array | undefined {
  if (encoded.length % 4 === 1) return undefined;
  const bytes = new Uint8Array((encoded.length * 6) >> 3);
  let at = 0;
  let bits = 0;
  let held = 0;
  for (let index = 0; index < encoded.length; index += 1) {
    const value = VALUES[encoded.charCodeAt(index)] ?? NO_DIGIT;
    if (value === NO_DIGIT) return undefined;
    held = ((held << 6) | value) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at] = held >> bits;
    at += 1;
  }
  // The last character may hold bits that say nothing: two texts must not mean the same bytes.
  return (held & ((1 << bits) - 1)) === 0 ? bytes : undefined;
}

/** The text, or undefined when the input is no base64url of UTF-8. */
export function decodeText(encoded: string): string | undefined {
  const bytes = decodeBytes(encoded);
  if (bytes === undefined) return undefined;
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return undefined;
  }
}
