// RFC 4648, section 5, without padding.

const FORM = /^[A-Za-z0-9_-]*$/;
const utf8 = new TextEncoder();
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function encodeBytes(bytes: Uint8Array): string {
  const base64 = btoa(String.fromCharCode(...bytes));
  return base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

export const encodeText = (text: string): string => encodeBytes(utf8.encode(text));

/** The text, or undefined when the input is no base64url of UTF-8. */
export function decodeText(encoded: string): string | undefined {
  if (!FORM.test(encoded) || encoded.length % 4 === 1) return undefined;
  const base64 = encoded.replaceAll('-', '+').replaceAll('_', '/');
  try {
    return strictUtf8.decode(Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)));
  } catch {
    return undefined;
  }
}
