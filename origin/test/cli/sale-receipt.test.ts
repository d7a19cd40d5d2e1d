// `receipt` and `receipt verify`: ledger, totals and draw of a sale in one file, checked without a
// database.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import * as v from 'valibot';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { firstChain } from '../../../shared/draw.ts';
import { mintUlid } from '../../../shared/order-id.ts';
import { chainBehind, sha1 } from '../../draw/draw-memory.ts';
import { createMerkleTree } from '../../draw/merkle.ts';
import { saleReceiptSchema, verifySaleReceipt } from '../../ledger/sale-receipt.ts';
import { openStore } from '../../store/open-store.ts';
import type { Store } from '../../store/store.ts';
import { recordsOf } from '../store/sale-records.ts';
import { sqliteTarget, termsOf } from '../store/stores.ts';
import { type Ended, runCli } from './run-cli.ts';

const ENTRIES = 23;
const target = sqliteTarget();
const activityId = mintUlid(Date.now());
const file = `${target.file}.receipt.json`;
let store: Store;
let commitment = '';

beforeAll(async () => {
  store = await openStore(target);
  const terms = termsOf({ draw: true, beacon: 'the lottery of Friday', stock: 5 });
  await store.insertActivity({ activityId, terms, now: 1_000 });
  commitment = (await store.findDraw(activityId))?.commitment ?? '';
  await store.markLoaded({ activityId, runId: 'run-1' });
  await closeDraw();
  const sale = recordsOf({ activityId, skuId: terms.skuId });
  await store.applyRecords([1, 2, 3].map((n) => sale.reserved({ n, seq: n })));
  await store.applyRecords([sale.paid({ n: 1, seq: 4 }), sale.cancelled({ n: 2, seq: 5 })]);
});
afterAll(() => store.close());

async function closeDraw(): Promise<void> {
  const leaves = Array.from({ length: ENTRIES }, (_none, n) =>
    createHash('sha256').update(`user ${n}`).digest('hex').slice(0, 32),
  );
  const tree = createMerkleTree();
  for (const leaf of leaves) tree.append(Buffer.from(leaf, 'hex'));
  const chain = await chainBehind(await firstChain(sha1, activityId), leaves);
  const pages = [{ first: 0, leaves: leaves.join('') }];
  const saved = { activityId, from: 0, pages, entries: ENTRIES, chain };
  await store.saveDraw({ ...saved, closed: true, root: tree.root() });
}

const verify = (...args: string[]): Promise<Ended> =>
  runCli(['receipt', 'verify', ...args, '--json']);

it('is written beside a running owner, and holds without the database', async () => {
  const env = { SQLITE_FILE: target.file };
  const written = await runCli(['receipt', activityId, '--out', file], env);
  expect(written.code, written.stderr).toBe(0);
  const head = (await store.findActivity(activityId))?.applied.ledgerHead ?? '';
  const checked = await verify(file, '--head', head, '--commitment', commitment);
  expect(checked.code, checked.stdout).toBe(0);
  expect(JSON.parse(checked.stdout)).toMatchObject({
    ...{ kind: 'whole', drawn: ENTRIES },
    totals: { stock: 5, sold: 2, held: 1, paid: 1, refunded: 0, free: 3 },
  });
  const receipt = JSON.parse(readFileSync(file, 'utf8'));
  expect(receipt.draw).toMatchObject({
    ...{ activityId, commitment, beacon: 'the lottery of Friday', entries: ENTRIES },
    ...{ seed: expect.stringMatching(/^[0-9a-f]{64}$/), root: expect.any(String) },
  });
  expect(readFileSync(file, 'utf8')).not.toContain('user-1');
});

it.each<[string, (draw: Record<string, unknown>) => unknown, string | undefined]>([
  ['an entry left out', (draw) => ({ ...draw, leaves: [], entries: 0 }), undefined],
  ['another seed', (draw) => ({ ...draw, seed: '0'.repeat(64) }), undefined],
  ['another root', (draw) => ({ ...draw, root: '0'.repeat(64) }), undefined],
  ['a draw of another sale', (draw) => ({ ...draw, activityId: 'b' }), undefined],
  ['no draw where one was promised', () => null, '0'.repeat(64)],
  ['another commitment than was published', (draw) => draw, '0'.repeat(64)],
])('is broken by %s', async (_what, change, promised) => {
  const receipt = JSON.parse(readFileSync(file, 'utf8'));
  const changed = v.parse(saleReceiptSchema, { ...receipt, draw: change(receipt.draw) });
  const checked = await verifySaleReceipt(changed, { commitment: promised });
  expect(checked.kind).toBe('broken');
});

it('names the fault and ends with 1', async () => {
  const receipt = JSON.parse(readFileSync(file, 'utf8'));
  const changed = `${file}.changed`;
  writeFileSync(changed, JSON.stringify({ ...receipt, draw: null }));
  const checked = await verify(changed, '--commitment', commitment);
  expect(checked.code).toBe(1);
  expect(JSON.parse(checked.stdout)).toMatchObject({
    kind: 'broken',
    detail: expect.stringContaining('commitment'),
  });
});
