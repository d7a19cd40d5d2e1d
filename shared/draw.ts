// The draw: who entered before the start gets a place that depends neither on when nor on whom.
import * as v from 'valibot';

const hex = v.pipe(v.string(), v.regex(/^[0-9a-f]+$/));

/** What is public of a draw; the seed, and what follows from it, once its entries are closed. */
export const drawStatusSchema = v.object({
  /** SHA-256 of the seed, lower-case hex: published before the first entry. */
  commitment: hex,
  /** A public value that its operator announced, mixed into the places. */
  beacon: v.optional(v.string()),
  /** Entries so far; final once the seed is known. */
  entries: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  seed: v.optional(hex),
  /** Running hash over all entries in order: with seed and beacon the key of the permutation. */
  chain: v.optional(hex),
  /** Merkle root over all entries (RFC 9162, section 2.1), some seconds behind the seed. */
  root: v.optional(hex),
});

export type DrawStatus = v.InferOutput<typeof drawStatusSchema>;
