// What edges are told once a second: where origins answer, and the live settings that concern
// edges. The origins' leader signs it with every key that edges may hold, so that whoever can
// write to the edge Redis cannot send buyers elsewhere.
import * as v from 'valibot';

/** A name, with a port on a developer's machine. The scheme is the edge's to decide. */
const HOST = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?(:\d{1,5})?$/;

const originListSchema = v.object({
  /** Epoch ms of its writing. */
  at: v.number(),
  /** Healthy ones, each with its load from 0 (idle) on; empty where none is known. */
  origins: v.array(v.object({ host: v.pipe(v.string(), v.regex(HOST)), load: v.number() })),
  /** False: no purchase passes, as with the edge's own kill switch. */
  isSelling: v.boolean(),
  /** Points that replace the built-in ones of rules of the score; unknown rules are ignored. */
  weights: v.record(v.string(), v.number()),
});

const signedListSchema = v.object({
  list: v.string(),
  /** By key id: HMAC-SHA256 of `signedListText`, base64url. */
  signatures: v.record(v.string(), v.string()),
});

export type OriginList = v.InferOutput<typeof originListSchema>;
export type SignedOriginList = v.InferOutput<typeof signedListSchema>;

/** Who finds a list older than this knows no origin; the key in Redis lives as long. */
export const ORIGIN_LIST_USABLE_MS = 30_000;

/** Its first line is no method of HTTP: no signed request is ever a signed list. */
export const signedListText = (list: string): string => `origins\n${list}`;

export const parseSignedList = (text: string) => parseAs(signedListSchema, text);
export const parseOriginList = (text: string) => parseAs(originListSchema, text);

function parseAs<Schema extends v.GenericSchema>(
  schema: Schema,
  text: string,
): v.InferOutput<Schema> | undefined {
  try {
    const parsed = v.safeParse(schema, JSON.parse(text));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
