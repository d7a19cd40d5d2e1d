// What a buyer keeps of an entry in the draw: which entry it is, under which name it stands in the
// public list, and the edge's signature over both. Text: `entry.<payload>.<signature>`.
import { decodeBytes, encodeBytes, encodeText } from '../base64url.ts';
import type { Hmac } from '../hmac.ts';

export interface DrawEntry {
  readonly skuId: string;
  readonly activityId: string;
  /** From 0, in the order of arrival. */
  readonly index: number;
  /** The user in the list of entries, 32 hexadecimal digits. */
  readonly leaf: string;
}

/** The name of a user in the draw's public list: the hash that the ticket bears, in other digits. */
export function leafOf(userHash: string): string {
  const bytes = decodeBytes(userHash) ?? [];
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The member `entry` of the 202 that a draw entry gets. */
export async function entryWithReceipt(hmac: Hmac, { skuId, activityId, index, leaf }: DrawEntry) {
  const signed = `entry.${encodeText(JSON.stringify([skuId, activityId, index, leaf]))}`;
  return { index, leaf, receipt: `${signed}.${encodeBytes(await hmac(signed))}` };
}
