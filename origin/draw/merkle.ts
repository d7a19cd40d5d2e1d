// Merkle tree hash of RFC 9162, section 2.1, over a list that grows at its end.
import { createHash } from 'node:crypto';

const LEAF_PREFIX = Uint8Array.of(0);
const NODE_PREFIX = Uint8Array.of(1);

const leafHash = (entry: Uint8Array): Buffer =>
  createHash('sha256').update(LEAF_PREFIX).update(entry).digest();
const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer =>
  createHash('sha256').update(NODE_PREFIX).update(left).update(right).digest();

export interface MerkleTree {
  append(entry: Uint8Array): void;
  /** Lower-case hex; of no entries, the hash of nothing. */
  root(): string;
}

/** Keeps one hash for each bit of the number of entries: a million entries are twenty hashes. */
export function createMerkleTree(): MerkleTree {
  /** Roots of full trees, largest first. */
  let peaks: { readonly size: number; readonly hash: Buffer }[] = [];
  return {
    append(entry) {
      let last = { size: 1, hash: leafHash(entry) };
      for (let left = peaks.at(-1); left?.size === last.size; left = peaks.at(-1)) {
        peaks = peaks.slice(0, -1);
        last = { size: 2 * last.size, hash: nodeHash(left.hash, last.hash) };
      }
      peaks = [...peaks, last];
    },
    root() {
      const hashes = peaks.map(({ hash }) => hash);
      const last = hashes.pop();
      if (last === undefined) return createHash('sha256').digest('hex');
      return hashes.reduceRight((right, left) => nodeHash(left, right), last).toString('hex');
    },
  };
}

/** The hashes that lead from an entry to the root (section 2.1.3.1), from its neighbour upwards. */
export function auditPath(entries: readonly Uint8Array[], index: number): Buffer[] {
  if (entries.length <= 1) return [];
  const half = 2 ** Math.ceil(Math.log2(entries.length) - 1);
  const [left, right] = [entries.slice(0, half), entries.slice(half)];
  return index < half
    ? [...auditPath(left, index), treeHash(right)]
    : [...auditPath(right, index - half), treeHash(left)];
}

/** The root that an entry and its path lead to (section 2.1.3.2); undefined where they do not fit. */
export function rootOfPath(
  { entry, index, size }: { readonly entry: Uint8Array; readonly index: number; size: number },
  path: readonly Uint8Array[],
): string | undefined {
  if (index >= size) return undefined;
  let [at, last] = [index, size - 1];
  let hash = leafHash(entry);
  for (const other of path) {
    if (last === 0) return undefined;
    if (at % 2 === 1 || at === last) {
      hash = nodeHash(other, hash);
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else {
      hash = nodeHash(hash, other);
    }
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 ? hash.toString('hex') : undefined;
}

function treeHash(entries: readonly Uint8Array[]): Buffer {
  const tree = createMerkleTree();
  for (const entry of entries) tree.append(entry);
  return Buffer.from(tree.root(), 'hex');
}
