// RFC 4648, section 5, without padding.

const FORM = /^[A-Za-z0-9_-]*$/;
const utf8 = new TextEncoder();
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function encodeBytes(bytes: Uint8Array): string {
  const base64 = btoa(String.fromCharCode(...bytes));
  return base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

export const encodeText = (text: string): string => encodeBytes(utf8.encode(text));

/** The bytes, or undefined when the input is not what `encodeBytes` writes for any. */
export function decodeBytes(encoded: string): Uint8Array | undefined {
  const bytes = decodeLoosely(encoded);
  // The last character may hold bits that say nothing: two texts must not mean the same bytes.
  return bytes !== undefined && encodeBytes(bytes) === encoded ? bytes : undefined;
}

/** The text, or undefined when the input is no base64url of UTF-8. */
export function decodeText(encoded: string): string | undefined {
  const bytes = decodeLoosely(encoded);
  if (bytes === undefined) return undefined;
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return undefined;
  }
}

function decodeLoosely(encoded: string): Uint8Array | undefined {
  if (!FORM.test(encoded) || encoded.length % 4 === 1) return undefined;
  const base64 = encoded.replaceAll('-', '+').replaceAll('_', '/');
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}
