// The draw: who entered before the start gets a place that depends neither on when nor on whom.
// What the scripts do of it (`lua/include/draw.lua`, `draw-place.lua`) once more, for whoever checks.
import * as v from 'valibot';

const hex = v.pipe(v.string(), v.regex(/^[0-9a-f]+$/));

/** What is public of a draw; the seed, and what follows from it, once its entries are closed. */
export const drawStatusSchema = v.object({
  /** SHA-256 of the seed's bytes, lower-case hex: published before the first entry. */
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

/** SHA-1 of a text in lower-case hex: what Redis scripts can compute. */
export type Sha1Hex = (text: string) => string | Promise<string>;

/** A draw whose entries are closed. */
export interface ClosedDraw {
  readonly seed: string;
  readonly chain: string;
  readonly entries: number;
  readonly beacon?: string | undefined;
}

/** With ten, the orders of six entries are visibly not equally likely; with 14 hardly, with 18 not. */
const ROUNDS = 18;

/** Where the running hash over the entries begins. */
export const firstChain = (sha1: Sha1Hex, activityId: string) => sha1(`draw-chain:${activityId}`);

/** The running hash behind one more entry, `leaf` in hex. */
export const nextChain = (sha1: Sha1Hex, chain: string, leaf: string) => sha1(`${chain}:${leaf}`);

/** The key of the permutation: the seed alone decides nothing, nor do the entries alone. */
export const drawKey = (sha1: Sha1Hex, { seed, chain, entries, beacon = '' }: ClosedDraw) =>
  sha1(`draw-key:${seed}:${chain}:${entries}:${beacon}`);

/**
 * The place, from 0, of entry `index` among `entries`: a Feistel network over two
 * numbers whose product is hardly above `entries`; who lands beyond the last place walks on.
 */
export async function placeOfEntry(
  sha1: Sha1Hex,
  {
    key,
    entries,
    index,
  }: { readonly key: string; readonly entries: number; readonly index: number },
): Promise<number> {
  const rows = Math.ceil(Math.sqrt(entries));
  const columns = Math.ceil(entries / rows);
  let at = index;
  do {
    let left = at % rows;
    let right = Math.floor(at / rows);
    for (let round = 1; round <= ROUNDS; round += 1) {
      const isOdd = round % 2 === 1;
      const digits = await sha1(`${key}:${round}:${isOdd ? right : left}`);
      const shift = Number.parseInt(digits.slice(0, 12), 16);
      if (isOdd) left = (left + shift) % rows;
      else right = (right + shift) % columns;
    }
    at = right * rows + left;
  } while (at >= entries);
  return at;
}

/** Virtual ms from which the place may enter; the first `capacity` places are called at once. */
export function turnOfPlace(
  place: number,
  { ratePerSecond, capacity }: { readonly ratePerSecond: number; readonly capacity: number },
): number {
  const ahead = place + 1 - capacity;
  return ahead <= 0 ? 0 : Math.ceil((1000 * ahead) / ratePerSecond);
}
