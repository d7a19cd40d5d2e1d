// The receipt of a draw entry as its buyer holds it. Its signature is the edge's to check; what it
// says can be held against the public list by anybody.
import * as v from 'valibot';

export interface EntryReceipt {
  readonly skuId: string;
  readonly activityId: string;
  readonly index: number;
  readonly leaf: string;
}

const MAX_LENGTH = 512;
const payloadSchema = v.tuple([
  v.string(),
  v.string(),
  v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/)),
]);

/** undefined for every other text. */
export function parseEntryReceipt(text: string): EntryReceipt | undefined {
  const [, payload = ''] = /^entry\.([\w-]+)\.[\w-]{43}$/.exec(text.slice(0, MAX_LENGTH)) ?? [];
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
  const parsed = v.safeParse(payloadSchema, value);
  if (!parsed.success) return undefined;
  const [skuId, activityId, index, leaf] = parsed.output;
  return { skuId, activityId, index, leaf };
}
