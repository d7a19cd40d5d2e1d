import { createHash } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import { firstChain } from '../../shared/draw.ts';
import { chainBehind, sha1 } from './draw-memory.ts';
import type { DrawReport } from './draw-report.ts';
import { parseEntryReceipt } from './entry-receipt.ts';
import { createMerkleTree } from './merkle.ts';
import { verifyDraw } from './verify-draw.ts';

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');
const leafOf = (user: number) => sha256(`user ${user}`).slice(0, 32);
const ACTIVITY = { skuId: 'lamp', activityId: 'activity-1' };

let report: DrawReport;
beforeAll(async () => {
  const leaves = Array.from({ length: 37 }, (_, user) => leafOf(user));
  const tree = createMerkleTree();
  for (const leaf of leaves) tree.append(Buffer.from(leaf, 'hex'));
  const seed = sha256('seed');
  report = {
    ...ACTIVITY,
    ...{ commitment: sha256(Buffer.from(seed, 'hex')), entries: 37, seed, root: tree.root() },
    chain: await chainBehind(await firstChain(sha1, ACTIVITY.activityId), leaves),
    ...{ ratePerSecond: 10, capacity: 5, leaves },
  };
});

async function broken(changes: Partial<DrawReport>, claims = {}): Promise<string[]> {
  const { checks } = await verifyDraw({ ...report, ...changes }, claims);
  return checks.filter(({ holds }) => !holds).map(({ what }) => what);
}

it('holds as it was published', async () => {
  expect(await broken({})).toEqual([]);
  expect(await broken({}, { commitment: report.commitment })).toEqual([]);
});

it('breaks with anything changed', async () => {
  const { leaves, chain = '' } = report;
  const swapped = [leaves[1] ?? '', leaves[0] ?? '', ...leaves.slice(2)];
  expect(await broken({ leaves: swapped })).toEqual(['chain', 'root']);
  expect(await broken({ leaves: leaves.slice(1) })).toEqual(['count', 'chain', 'root']);
  expect(await broken({ seed: sha256('another') })).toEqual(['commitment']);
  expect(await broken({ root: sha256('another') })).toEqual(['root']);
  expect(await broken({ chain: chain.replaceAll('a', 'b') })).toEqual(['chain']);
  expect(await broken({ activityId: 'activity-2' })).toEqual(['chain']);
  expect(await broken({}, { commitment: sha256('what I wrote down') })).toEqual(['commitment']);
});

it('finds an entry, and its place, by its receipt', async () => {
  const receipt = { ...ACTIVITY, index: 7, leaf: leafOf(7) };
  const { checks, entry } = await verifyDraw(report, { receipt });
  expect(checks.every(({ holds }) => holds)).toBe(true);
  const { place = 0, turn } = entry ?? {};
  expect(place).toBeGreaterThanOrEqual(1);
  expect(turn).toBe(Math.max(0, 100 * (place - 5)));
  const other = { ...receipt, leaf: leafOf(8) };
  expect(await broken({}, { receipt: other })).toEqual(['entry', 'inclusion']);
  expect(await broken({}, { receipt: { ...receipt, index: 40 } })).toEqual(['entry', 'inclusion']);
  expect(await broken({}, { receipt: { ...receipt, activityId: 'x' } })).toEqual(['receipt']);
});

it('reads receipts and nothing else', () => {
  const text = (value: unknown) =>
    `entry.${Buffer.from(JSON.stringify(value)).toString('base64url')}.${'A'.repeat(43)}`;
  const { skuId, activityId } = ACTIVITY;
  const receipt = text([skuId, activityId, 3, leafOf(3)]);
  expect(parseEntryReceipt(receipt)).toEqual({ ...ACTIVITY, index: 3, leaf: leafOf(3) });
  const others = [text([skuId, activityId, -1, leafOf(3)]), text([1]), text({}), 'x', ''];
  for (const other of [...others, `1${receipt}`]) expect(parseEntryReceipt(other)).toBeUndefined();
});
