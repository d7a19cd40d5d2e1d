// Checks a draw from what is public of it: needs neither this system nor its word.
import { createHash } from 'node:crypto';
import { drawKey, firstChain, placeOfEntry, turnOfPlace } from '../../shared/draw.ts';
import { chainBehind, sha1 } from './draw-memory.ts';
import type { DrawReport } from './draw-report.ts';
import type { EntryReceipt } from './entry-receipt.ts';
import { auditPath, createMerkleTree, rootOfPath } from './merkle.ts';

export interface Check {
  readonly what: string;
  readonly holds: boolean;
  readonly detail: string;
}

export interface EntryPlace {
  readonly index: number;
  readonly leaf: string;
  /** From 1. */
  readonly place: number;
  /** Virtual ms after the start. */
  readonly turn: number;
}

export interface Verification {
  readonly checks: readonly Check[];
  readonly entry?: EntryPlace;
  /** Users that stand in the list twice: they entered again after a loss. */
  readonly repeated: number;
}

export interface Claims {
  /** A commitment that somebody wrote down before the start. */
  readonly commitment?: string | undefined;
  readonly receipt?: EntryReceipt | undefined;
}

export async function verifyDraw(report: DrawReport, claims: Claims): Promise<Verification> {
  const { activityId, leaves, entries, seed = '', chain = '', root = '', beacon } = report;
  const seedHash = createHash('sha256').update(Buffer.from(seed, 'hex')).digest('hex');
  const isOwnCommitment = claims.commitment === undefined || claims.commitment === seedHash;
  const begun = await firstChain(sha1, activityId);
  const bytes = leaves.map((leaf) => Buffer.from(leaf, 'hex'));
  const tree = createMerkleTree();
  for (const leaf of bytes) tree.append(leaf);
  const key = await drawKey(sha1, { seed, chain, entries, beacon });
  const checks = [
    check('commitment', seedHash === report.commitment && isOwnCommitment, 'SHA-256 of the seed'),
    check('count', leaves.length === entries, `${leaves.length} of ${entries} entries listed`),
    check('chain', (await chainBehind(begun, leaves)) === chain, 'running hash over the list'),
    check('root', tree.root() === root, 'Merkle root over the list (RFC 9162)'),
    check('places', await isPermutation(key, entries), 'every place from 1 on is given once'),
  ];
  const repeated = leaves.length - new Set(leaves).size;
  const { receipt } = claims;
  if (receipt === undefined) return { checks, repeated };
  const entry = await placeOf(report, key, receipt);
  return { checks: [...checks, ...checksOf(receipt, report, bytes)], entry, repeated };
}

const check = (what: string, holds: boolean, detail: string): Check => ({ what, holds, detail });

function checksOf(
  receipt: EntryReceipt,
  { activityId, leaves, root, entries }: DrawReport,
  bytes: readonly Uint8Array[],
): Check[] {
  const { index, leaf } = receipt;
  const path = index < bytes.length ? auditPath(bytes, index) : [];
  const place = { entry: Buffer.from(leaf, 'hex'), index, size: entries };
  return [
    check('receipt', receipt.activityId === activityId, `of activity ${receipt.activityId}`),
    check('entry', leaves[index] === leaf, `entry ${index} is the receipt's user`),
    check('inclusion', rootOfPath(place, path) === root, `${path.length} hashes lead to the root`),
  ];
}

async function placeOf(
  { entries, ratePerSecond, capacity }: DrawReport,
  key: string,
  { index, leaf }: EntryReceipt,
): Promise<EntryPlace> {
  if (index >= entries) return { index, leaf, place: 0, turn: 0 };
  const place = await placeOfEntry(sha1, { key, entries, index });
  return { index, leaf, place: place + 1, turn: turnOfPlace(place, { ratePerSecond, capacity }) };
}

async function isPermutation(key: string, entries: number): Promise<boolean> {
  const taken = new Uint8Array(entries);
  for (let index = 0; index < entries; index += 1) {
    const place = await placeOfEntry(sha1, { key, entries, index });
    if (taken[place] !== 0) return false;
    taken[place] = 1;
  }
  return true;
}
