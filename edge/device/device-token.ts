// Device tokens: what `POST /api/device` found out, carried by the browser until the purchase.
// Sealed (AES-256-GCM), not only signed: whoever could read the score could learn to lower it.
import * as v from 'valibot';
import { DEVICE_TOKEN_MAX_LENGTH } from '../../shared/device.ts';
import { decodeBytes, encodeBytes } from '../base64url.ts';
import { remembering } from '../remembering.ts';
import type { DeviceTokenFacts } from '../score/evidence.ts';

/** 9-byte HMACs under the salt of the day, base64url; they are the same in all sales. */
export interface DeviceNames {
  /** All signals together. */
  readonly device: string;
  /** Hardware alone. */
  readonly hardware: string;
}

export interface DeviceToken extends DeviceTokenFacts {
  /** HMAC of the user: another's token is none. */
  readonly user: string;
  readonly names: DeviceNames;
}

export interface DeviceTokens {
  seal(token: DeviceToken): Promise<string>;
  /** The token that this Worker sealed for this user and that has not expired; else undefined. */
  open(
    text: string,
    of: { readonly user: string; readonly now: number },
  ): Promise<DeviceToken | undefined>;
}

const VERSION = '1';
const IV_BYTES = 12;
/** So much of the names of rules fits a token of 512 characters. */
const HITS_LENGTH = 140;

const moment = v.pipe(v.number(), v.safeInteger());
const payloadSchema = v.strictTuple([
  v.string(),
  v.string(),
  v.string(),
  v.number(),
  v.picklist(['ordinary', 'strong']),
  v.picklist(['own', 'model', 'masked', 'none']),
  v.boolean(),
  moment,
  moment,
  v.string(),
]);

const MAX_REMEMBERED = 10_000;

export function createDeviceTokens(secret: string): DeviceTokens {
  let imported: CryptoKey | undefined;

  const sealedIn = remembering(MAX_REMEMBERED, async (text) => {
    const [version, encoded, ...rest] = text.split('.');
    if (version !== VERSION || encoded === undefined || rest.length > 0) return undefined;
    const bytes = decodeBytes(encoded);
    if (bytes === undefined || bytes.length <= IV_BYTES) return undefined;
    imported ??= await importKey(secret);
    const payload = await unseal(bytes, imported);
    return payload === undefined ? undefined : tokenIn(payload);
  });

  return {
    async seal(token) {
      imported ??= await importKey(secret);
      const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
      const payload = new TextEncoder().encode(payloadOf(token));
      const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, imported, payload);
      const bytes = new Uint8Array(IV_BYTES + sealed.byteLength);
      bytes.set(iv);
      bytes.set(new Uint8Array(sealed), IV_BYTES);
      return `${VERSION}.${encodeBytes(bytes)}`;
    },
    async open(text, { user, now }) {
      if (text.length > DEVICE_TOKEN_MAX_LENGTH) return undefined;
      const token = await sealedIn(text);
      return token?.user === user && now < token.expiresAt ? token : undefined;
    },
  };
}

async function importKey(secret: string): Promise<CryptoKey> {
  const material = new TextEncoder().encode(`device token\n${secret}`);
  const key = await crypto.subtle.digest('SHA-256', material);
  return crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt', 'decrypt']);
}

async function unseal(bytes: Uint8Array, key: CryptoKey): Promise<string | undefined> {
  const iv = bytes.subarray(0, IV_BYTES);
  try {
    const opened = await crypto.subtle.decrypt(
      { name: 'AES-GCM', iv },
      key,
      bytes.subarray(IV_BYTES),
    );
    return new TextDecoder().decode(opened);
  } catch {
    // Not sealed with this key: what anybody may send.
    return undefined;
  }
}

function payloadOf(token: DeviceToken): string {
  const { user, names, score, level, likeness, hasInput, issuedAt, expiresAt } = token;
  const hits = keptHits(token.hits).join(' ');
  const { device, hardware } = names;
  const moments = [issuedAt, expiresAt];
  return JSON.stringify([
    user,
    device,
    hardware,
    score,
    level,
    likeness,
    hasInput,
    ...moments,
    hits,
  ]);
}

function keptHits(hits: readonly string[]): string[] {
  const kept: string[] = [];
  let length = 0;
  for (const name of hits) {
    length += name.length + 1;
    if (length > HITS_LENGTH) break;
    kept.push(name);
  }
  return kept;
}

function tokenIn(payload: string): DeviceToken | undefined {
  const parsed = v.safeParse(payloadSchema, JSON.parse(payload));
  if (!parsed.success) return undefined;
  const [user, device, hardware, score, level, likeness, ...rest] = parsed.output;
  const [hasInput, issuedAt, expiresAt, hits] = rest;
  return {
    user,
    names: { device, hardware },
    score,
    level,
    likeness,
    hasDevice: likeness !== 'none',
    hasInput,
    issuedAt,
    expiresAt,
    hits: hits.split(' ').filter((name) => name !== ''),
  };
}
