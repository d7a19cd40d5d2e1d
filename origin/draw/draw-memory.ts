// What the leader knows of a draw from one round to the next: as much as the database.
import { createHash } from 'node:crypto';
import { nextChain } from '../../shared/draw.ts';
import type { DrawPage } from '../store/draws-port.ts';
import type { Store } from '../store/store.ts';
import { createMerkleTree, type MerkleTree } from './merkle.ts';

export interface DrawMemory {
  readonly seed: string;
  entries: number;
  chain: string;
  closed: boolean;
  readonly tree: MerkleTree;
}

export const LEAF_DIGITS = 32;
const PAGES_PER_READ = 20;

export const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex');

export const leavesOf = ({ leaves }: DrawPage): string[] =>
  leaves.match(new RegExp(`.{${LEAF_DIGITS}}`, 'g')) ?? [];

/** All pages in order, some at a time. */
export async function* drawPagesOf(
  store: Pick<Store, 'drawPages'>,
  activityId: string,
): AsyncGenerator<DrawPage> {
  let from = 0;
  for (;;) {
    const pages = await store.drawPages({ activityId, from, limit: PAGES_PER_READ });
    yield* pages;
    const last = pages.at(-1);
    if (last === undefined) return;
    from = last.first + last.leaves.length / LEAF_DIGITS;
  }
}

/** From the database; undefined where the activity has no draw there. */
export async function recallDraw(
  store: Pick<Store, 'findDraw' | 'drawPages'>,
  activityId: string,
): Promise<DrawMemory | undefined> {
  const facts = await store.findDraw(activityId);
  if (facts === undefined) return undefined;
  const tree = createMerkleTree();
  let entries = 0;
  for await (const page of drawPagesOf(store, activityId)) {
    for (const leaf of leavesOf(page).slice(0, Math.max(0, facts.entries - entries))) {
      tree.append(Buffer.from(leaf, 'hex'));
      entries += 1;
    }
  }
  if (entries !== facts.entries)
    throw new Error(`entries of the draw of ${activityId} are missing`);
  const { seed, chain, closed } = facts;
  return { seed, entries, chain, closed, tree };
}

/** The running hash behind these leaves. */
export async function chainBehind(chain: string, leaves: readonly string[]): Promise<string> {
  let last = chain;
  for (const leaf of leaves) last = await nextChain(sha1, last, leaf);
  return last;
}
