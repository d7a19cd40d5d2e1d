/** HMAC-SHA256 of a text under one secret. */
export type Hmac = (text: string) => Promise<Uint8Array>;

const utf8 = new TextEncoder();

/**
 * The key is imported once per isolate, which saves more than the HMAC itself costs. What is kept
 * is the key, never the promise of it: a promise belongs to the request that made it.
 */
export function createHmac(secret: string): Hmac {
  let key: CryptoKey | undefined;
  return async function sign(text) {
    key ??= await crypto.subtle.importKey(
      'raw',
      utf8.encode(secret),
      { name: 'HMAC', hash: 'SHA-256' },
      false,
      ['sign'],
    );
    return new Uint8Array(await crypto.subtle.sign('HMAC', key, utf8.encode(text)));
  };
}
